using System.Runtime.CompilerServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>A log that keeps numbers in memory and becomes durable when the test says so.</summary>
internal sealed class FakeLog : CollectingSink, IRecordLog
{
    private Lsn _next = Lsn.Create(7, 1);
    private Lsn _durable;

    public List<IDurabilityListener> Listeners { get; } = [];

    public List<StreamPosition> Positions { get; } = [];

    public Lsn NextLsn
    {
        get => _next;
        init => _next = value;
    }

    public Lsn DurableLsn => _durable;

    public IReadOnlyList<StreamPosition> DurablePositions => [.. Positions];

    public IReadOnlyList<SequenceRange> DurableRanges => [.. Positions.Select(static p => new SequenceRange(p.SourceId, p.SessionId, 1, p.Sequence))];

    /// <summary>Everything up to this number of an engine's records is durable now.</summary>
    public void Commit(StreamPosition position, Lsn lsn)
    {
        _durable = lsn;
        Positions.RemoveAll(other => other.SourceId == position.SourceId && other.SessionId == position.SessionId);
        Positions.Add(position);
        foreach (var listener in Listeners)
        {
            listener.OnDurable(lsn, [position]);
        }
    }

    /// <summary>The same log after a restart of the host: what was durable, and numbers behind everything handed out.</summary>
    public FakeLog Reopen()
    {
        var log = new FakeLog { NextLsn = All.Count == 0 ? _next : All[^1].Lsn.Add(1000) };
        log.Positions.AddRange(Positions);
        return log;
    }

    public async IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield break;
    }
}
