using System.Runtime.CompilerServices;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>A log in memory that keeps parameter changes and, while <see cref="IsOpen"/>, makes what it holds durable at once.</summary>
internal sealed class ControlLog : IRecordSink, IRecordLog
{
    private readonly Lock _gate = new();
    private readonly List<(Lsn Lsn, byte[] Frame)> _frames = [];
    private Lsn _last;
    private Lsn _durable;

    public List<IDurabilityListener> Listeners { get; } = [];

    /// <summary>False holds commits back until <see cref="Commit"/>.</summary>
    public bool IsOpen { get; set; } = true;

    /// <summary>So many readings break off behind their first record.</summary>
    public int ReadsToFail { get; set; }

    public Lsn NextLsn => _last == Lsn.None ? Lsn.Create(7, 1) : _last.Add(1_000);

    public Lsn DurableLsn
    {
        get
        {
            lock (_gate)
            {
                return _durable;
            }
        }
    }

    public IReadOnlyList<StreamPosition> DurablePositions => [];

    public IReadOnlyList<SequenceRange> DurableRanges => [];

    public IReadOnlyList<(ParameterState State, ulong Revision, Guid Update)> Changes
    {
        get
        {
            lock (_gate)
            {
                return [.. _frames.Select(entry =>
                {
                    Assert.True(ParameterChangeView.TryRead(new RecordView(entry.Lsn, entry.Frame), out var view));
                    return (view.Record.State, view.Record.Revision, view.Record.UpdateId);
                })];
            }
        }
    }

    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            foreach (var record in batch)
            {
                if (record.Header.TemplateId == TemplateIds.ParameterChange)
                {
                    _frames.Add((record.Lsn, record.Frame.ToArray()));
                }
            }

            _last = batch.LastLsn;
        }

        if (IsOpen)
        {
            Commit();
        }

        return ValueTask.CompletedTask;
    }

    public void Commit()
    {
        lock (_gate)
        {
            _durable = _last;
        }

        foreach (var listener in Listeners)
        {
            listener.OnDurable(_durable, []);
        }
    }

    /// <summary>The log after a crash: what was not durable is gone.</summary>
    public ControlLog Reopen()
    {
        var log = new ControlLog();
        lock (_gate)
        {
            log._frames.AddRange(_frames.Where(entry => entry.Lsn <= _durable));
            (log._last, log._durable) = (_durable, _durable);
        }

        return log;
    }

    public async IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        (Lsn Lsn, byte[] Frame)[] frames;
        lock (_gate)
        {
            frames = [.. _frames.Where(entry => entry.Lsn <= _durable)];
        }

        foreach (var (lsn, frame) in frames)
        {
            yield return RecordBatch.Borrow([frame], 1, new StreamPosition(0, 0, 1), lsn);
            if (ReadsToFail > 0)
            {
                ReadsToFail--;
                throw new IOException("The disk is away.");
            }
        }
    }
}
