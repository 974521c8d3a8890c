using Mev.Sdk.Records;
using Mev.Sdk.Ingest.Solana.Blocks;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>Reads from the durable log what a chain source delivered last: docs/chain-sources.md, "Resume".</summary>
internal static class ChainHistory
{
    private const ulong FirstStep = 65_536;
    private const int EnoughBlocks = 64;
    private const int BlocksBehindTransactions = 8;
    private static readonly TemplateSet Frames = TemplateSet.Of(TemplateIds.Block, TemplateIds.Slot);

    /// <summary>Fills a book with the newest slots of a session.</summary>
    /// <returns>The sequence behind the last one that the log holds; 1 when it holds none.</returns>
    public static async Task<ulong> RestoreAsync(IRecordLog? log, uint sourceId, ulong sessionId, SlotBook book, CancellationToken cancellationToken)
    {
        ulong last = 0;
        foreach (var position in log?.DurablePositions ?? [])
        {
            if (position.SourceId == sourceId && position.SessionId == sessionId)
            {
                last = Math.Max(last, position.Sequence);
            }
        }

        if (log is null || last == 0)
        {
            return 1;
        }

        var found = new List<(BlockRecord Block, Lsn Lsn)>();
        var stages = new List<SlotRecord>();
        for (var step = FirstStep; ; step = step > Lsn.MaxCounter / 16 ? Lsn.MaxCounter : step * 16)
        {
            var from = Behind(log.DurableLsn, step);
            found.Clear();
            stages.Clear();
            await foreach (var batch in log.ReadAsync(from, follow: false, Frames, cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    if (batch.First.SourceId == sourceId && batch.First.SessionId == sessionId)
                    {
                        Collect(batch, found, stages);
                    }
                }
                finally
                {
                    batch.Release();
                }
            }

            if (found.Count >= EnoughBlocks || from == Lsn.None)
            {
                break;
            }
        }

        // A transaction whose block is not there yet came after the blocks of the slots just before it.
        var tail = found.Count > BlocksBehindTransactions ? found[^BlocksBehindTransactions].Lsn : found.Count > 0 ? Behind(found[0].Lsn, FirstStep) : Lsn.None;
        foreach (var (block, _) in found)
        {
            book.AddBlock(in block);
        }

        await RestoreOpenSlotsAsync(log, tail, sourceId, sessionId, book, cancellationToken).ConfigureAwait(false);
        foreach (var stage in stages)
        {
            if (book.Find(stage.Slot) is { } state)
            {
                state.Stage = SlotBook.Later(state.Stage, stage.Stage);
                if (stage.Stage == SightingStage.Finalized)
                {
                    book.Root = Math.Max(book.Root, stage.Slot);
                }
            }
        }

        return last + 1;
    }

    private static Lsn Behind(Lsn lsn, ulong step) => lsn.Counter > step ? Lsn.Create(lsn.LogId, lsn.Counter - step) : Lsn.None;

    private static void Collect(RecordBatch batch, List<(BlockRecord, Lsn)> found, List<SlotRecord> stages)
    {
        foreach (var record in batch)
        {
            if (BlockView.TryRead(in record, out var block))
            {
                found.Add((block.Record, record.Lsn));
            }
            else if (SlotView.TryRead(in record, out var slot))
            {
                stages.Add(slot.Record);
            }
        }
    }

    private static async Task RestoreOpenSlotsAsync(IRecordLog log, Lsn from, uint sourceId, ulong sessionId, SlotBook book, CancellationToken cancellationToken)
    {
        var wanted = TemplateSet.Of(TemplateIds.Transaction, TemplateIds.Account);
        await foreach (var batch in log.ReadAsync(from, follow: false, wanted, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                if (batch.First.SourceId != sourceId || batch.First.SessionId != sessionId)
                {
                    continue;
                }

                foreach (var record in batch)
                {
                    if (TransactionView.TryRead(in record, out var transaction))
                    {
                        book.AddTransaction(transaction.Record.Slot, SignatureKey.Of(in transaction.Record.Signature));
                    }
                    else if (AccountView.TryRead(in record, out var account))
                    {
                        book.AddAccount(account.Record.Slot, AccountKey.Of(in account.Record.Address, account.Record.WriteVersion));
                    }
                }
            }
            finally
            {
                batch.Release();
            }
        }
    }
}
