using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Solana.Tests.Support;

/// <summary>Keeps every record with its position, after checking that each frame is whole and numbered as its batch says. Is also the log that a restart reads.</summary>
internal sealed class CollectingIntake : IRecordIntake, IRecordLog
{
    private readonly Lock _gate = new();
    private readonly List<(StreamPosition Position, byte[] Frame)> _records = [];

    public IReadOnlyList<(StreamPosition Position, byte[] Frame)> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    public Func<RecordBatch, Task>? Before { get; set; }

    public Lsn NextLsn => Lsn.Create(0, (ulong)Records.Count + 1);

    public Lsn DurableLsn => Lsn.Create(0, (ulong)Records.Count);

    public IReadOnlyList<StreamPosition> DurablePositions =>
        [.. Records.GroupBy(record => (record.Position.SourceId, record.Position.SessionId)).Select(group => group.MaxBy(record => record.Position.Sequence).Position)];

    public IReadOnlyList<SequenceRange> DurableRanges => [];

    public IEnumerable<BlockRecord> Blocks => Of(static (in RecordView view) => BlockView.TryRead(in view, out var block) ? block.Record : (BlockRecord?)null);

    public IEnumerable<SlotRecord> Slots => Of(static (in RecordView view) => SlotView.TryRead(in view, out var slot) ? slot.Record : (SlotRecord?)null);

    public IEnumerable<TransactionRecord> Transactions => Of(static (in RecordView view) => TransactionView.TryRead(in view, out var transaction) ? transaction.Record : (TransactionRecord?)null);

    public IEnumerable<AccountRecord> Accounts => Of(static (in RecordView view) => AccountView.TryRead(in view, out var account) ? account.Record : (AccountRecord?)null);

    public IEnumerable<NodeRecord> Nodes => Of(static (in RecordView view) => NodeView.TryRead(in view, out var node) ? node.Record : (NodeRecord?)null);

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        if (Before is { } before)
        {
            await before(batch);
        }

        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var at = 0ul;
            foreach (var record in batch)
            {
                Assert.Equal(FrameError.None, FrameReader.Check(record.Frame));
                Assert.Equal(batch.First.Sequence + at, record.Header.Sequence);
                _records.Add((batch.First with { Sequence = record.Header.Sequence }, record.Frame.ToArray()));
                at++;
            }

            Assert.Equal((ulong)batch.Count, at);
        }
    }

    public async IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        var at = 0ul;
        foreach (var (position, frame) in Records)
        {
            var lsn = Lsn.Create(0, ++at);
            if (lsn >= from)
            {
                yield return RecordBatch.Borrow([frame], 1, position, lsn);
            }
        }
    }

    /// <summary>What a crash leaves: the first records only.</summary>
    public CollectingIntake Truncate(int count)
    {
        var cut = new CollectingIntake();
        cut._records.AddRange(Records.Take(count));
        return cut;
    }

    private delegate T? Reader<T>(in RecordView view)
        where T : struct;

    private IEnumerable<T> Of<T>(Reader<T> read)
        where T : struct
    {
        foreach (var (_, frame) in Records)
        {
            if (read(new RecordView(Lsn.None, frame)) is { } record)
            {
                yield return record;
            }
        }
    }
}
