using System.Runtime.CompilerServices;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>A whole log in memory: keeps every frame, is durable as far as the test says, and loses the rest in a crash.</summary>
internal sealed class MemoryLog : IRecordLog, IRecordSink
{
    private readonly Lock _gate = new();
    private readonly List<(Lsn Lsn, StreamPosition Position, byte[] Frame)> _records = [];
    private Lsn _next = Lsn.Create(7, 1);
    private int _durable;

    public List<IDurabilityListener> Listeners { get; } = [];

    /// <summary>Whether everything becomes durable at once.</summary>
    public bool IsCommittingAtOnce { get; set; }

    public Lsn NextLsn => _next;

    public Lsn DurableLsn
    {
        get
        {
            lock (_gate)
            {
                return _durable == 0 ? Lsn.None : _records[_durable - 1].Lsn;
            }
        }
    }

    public IReadOnlyList<StreamPosition> DurablePositions => Ranges(_durable)
        .GroupBy(range => (range.SourceId, range.SessionId))
        .Select(group => new StreamPosition(group.Key.SourceId, group.Key.SessionId, group.Max(range => range.Last)))
        .ToArray();

    public IReadOnlyList<SequenceRange> DurableRanges => Ranges(_durable);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _records.Count;
            }
        }
    }

    /// <summary>Sequences of an engine's records, in the order of the log.</summary>
    public IReadOnlyList<ulong> SequencesOf(ulong session)
    {
        lock (_gate)
        {
            return [.. _records.Where(record => record.Position.SessionId == session).Select(record => record.Position.Sequence)];
        }
    }

    public IReadOnlyList<byte[]> FramesOf(ushort template)
    {
        lock (_gate)
        {
            return [.. _records.Where(record => BitConverter.ToUInt16(record.Frame, 26) == template).Select(record => record.Frame)];
        }
    }

    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var position = batch.First;
            foreach (var record in batch)
            {
                _records.Add((record.Lsn, position, record.Frame.ToArray()));
                position = position with { Sequence = position.Sequence + 1 };
            }

            _next = batch.LastLsn.Add(1);
        }

        if (IsCommittingAtOnce)
        {
            Commit();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>So many records more, or all, are durable now.</summary>
    public void Commit(int more = int.MaxValue)
    {
        StreamPosition[] positions;
        Lsn durable;
        lock (_gate)
        {
            var before = _durable;
            _durable = (int)Math.Min(_records.Count, _durable + (long)more);

            // As the journal: of the streams that this commit touched, and of no other.
            var touched = _records[before.._durable].Select(static record => (record.Position.SourceId, record.Position.SessionId)).ToHashSet();
            positions = [.. DurablePositions.Where(position => touched.Contains((position.SourceId, position.SessionId)))];
            durable = DurableLsn;
        }

        foreach (var listener in Listeners)
        {
            listener.OnDurable(durable, positions);
        }
    }

    /// <summary>The same log after the host was killed: what was not durable is gone, and its numbers are never given again.</summary>
    public MemoryLog Crash()
    {
        lock (_gate)
        {
            var log = new MemoryLog { _next = _next.Add(1000), _durable = _durable, IsCommittingAtOnce = IsCommittingAtOnce };
            log._records.AddRange(_records.Take(_durable));
            return log;
        }
    }

    public async IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        (Lsn Lsn, StreamPosition Position, byte[] Frame)[] records;
        lock (_gate)
        {
            records = [.. _records.Take(_durable)];
        }

        foreach (var (lsn, position, frame) in records)
        {
            yield return RecordBatch.Borrow([frame], 1, position, lsn);
        }
    }

    private List<SequenceRange> Ranges(int count)
    {
        lock (_gate)
        {
            var sets = new Dictionary<(uint, ulong), SequenceSet>();
            foreach (var (_, position, _) in _records.Take(count))
            {
                if (!sets.TryGetValue((position.SourceId, position.SessionId), out var set))
                {
                    sets[(position.SourceId, position.SessionId)] = set = new SequenceSet();
                }

                set.Add(position.Sequence, position.Sequence);
            }

            return [.. sets.SelectMany(entry => entry.Value.Ranges.Select(range => new SequenceRange(entry.Key.Item1, entry.Key.Item2, range.First, range.Last)))];
        }
    }
}
