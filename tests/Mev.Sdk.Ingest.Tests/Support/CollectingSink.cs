using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>Remembers the numbers, positions and LSNs it was shown, and notices overlapping calls.</summary>
internal class CollectingSink : IRecordSink
{
    private readonly Lock _gate = new();
    private readonly List<Seen> _seen = [];
    private int _inside;

    public bool Overlapped { get; private set; }

    public Func<RecordBatch, ValueTask>? OnWrite { get; set; }

    public IReadOnlyList<Seen> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    public IReadOnlyList<long> Numbers => [.. All.Where(seen => seen.Template == TemplateIds.Metric).Select(seen => seen.Number)];

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref _inside) > 1)
        {
            Overlapped = true;
        }

        if (OnWrite is not null)
        {
            await OnWrite(batch);
        }

        Collect(batch);
        Interlocked.Decrement(ref _inside);
    }

    public async Task WaitForAsync(int count) =>
        await Eventually.BecomesAsync(() => Numbers.Count >= count, () => $"{Numbers.Count} of {count} records came");

    private void Collect(RecordBatch batch)
    {
        var position = batch.First;
        lock (_gate)
        {
            foreach (var record in batch)
            {
                if (FrameReader.Check(record.Frame) != FrameError.None || record.Header.Sequence != position.Sequence)
                {
                    throw new InvalidDataException($"bad frame at {position}");
                }

                var number = MetricView.TryRead(in record, out var view) ? (long)view.Record.Value : -1;
                _seen.Add(new Seen(record.Lsn, position, record.Header.TemplateId, number));
                position = position with { Sequence = position.Sequence + 1 };
            }
        }
    }

    internal readonly record struct Seen(Lsn Lsn, StreamPosition Position, ushort Template, long Number);
}
