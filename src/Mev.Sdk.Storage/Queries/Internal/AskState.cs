namespace Mev.Sdk.Storage.Queries;

/// <summary>What one try to answer a question knows of itself: progress, and what the answer weighs.</summary>
internal sealed class AskState(TimeProvider time, HistoryPlannerOptions options, IProgress<HistoryProgress>? progress)
{
    // Nearly all of the work is done when a statement gives its first row.
    private const double FirstRowShare = 0.9;
    private const int ReportEvery = 4096;
    private const int ValueBytes = 48;
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _gate = new();
    private double _total = 1;
    private double _done;
    private long _rows;
    private long _bytes;

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public void Expect(IReadOnlyCollection<StoreStream> streams)
    {
        lock (_gate)
        {
            _total = Math.Max(1e-9, streams.Sum(WeightOf));
        }
    }

    public void Begun(StoreStream stream) => Add(stream, FirstRowShare * WeightOf(stream));

    public void Ended(StoreStream stream) => Add(stream, (1 - FirstRowShare) * WeightOf(stream));

    public void Read(StoreStream stream)
    {
        if (Interlocked.Increment(ref _rows) % ReportEvery == 0)
        {
            Add(stream, 0);
        }
    }

    public void Finish() => progress?.Report(new HistoryProgress(1, Interlocked.Read(ref _rows), null));

    /// <summary>Counts a row of the answer.</summary>
    /// <exception cref="HistoryQueryException">The answer is too big.</exception>
    public void Keep(HistoryRow row)
    {
        foreach (var value in row.Array)
        {
            _bytes += ValueBytes + (value.Kind switch
            {
                HistoryValueKind.Text => 2 * value.AsText().Length,
                HistoryValueKind.Bytes => value.AsBytes().Length,
                _ => 0,
            });
        }

        if (_bytes > options.MaxAnswerBytes)
        {
            throw new HistoryQueryException([$"limit: the answer is over {options.MaxAnswerBytes} bytes; ask for fewer columns or a smaller limit and go on with 'after', or raise Mev:Storage:Queries:MaxAnswerBytes."]);
        }
    }

    // By the stretch that is looked through; a store that holds everything says nothing about how much that is.
    private static double WeightOf(StoreStream stream) => Math.Min((double)stream.Part.Span.Width, 1e15);

    private void Add(StoreStream stream, double done)
    {
        HistoryProgress report;
        lock (_gate)
        {
            _done += done;
            report = new HistoryProgress(Math.Min(1, _done / _total), Interlocked.Read(ref _rows), stream.Part.Store.Name);
        }

        progress?.Report(report);
    }
}
