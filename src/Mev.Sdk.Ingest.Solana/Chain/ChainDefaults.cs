using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>What every chain source starts with.</summary>
internal static class ChainDefaults
{
    /// <summary>Slots below the newest block whose transactions are remembered: finality takes 32, a replay asks for no more than is open.</summary>
    public const int Window = 256;

    /// <summary>Learns from ledger and log what a session delivered before.</summary>
    /// <returns>The next free sequence: behind every record, and behind every number that stands for something missing.</returns>
    public static async Task<ulong> RestoreAsync(ChainContext context, IRecordLog? log, SlotBook book, CancellationToken cancellationToken)
    {
        if (log is not null)
        {
            await context.Gaps.RestoreAsync(log, cancellationToken).ConfigureAwait(false);
        }

        var next = await ChainHistory.RestoreAsync(log, context.SourceId, context.SessionId, book, cancellationToken).ConfigureAwait(false);
        foreach (var gap in context.Gaps.GetGaps())
        {
            if (gap.SourceName == context.Name && gap.SessionId == context.SessionId)
            {
                next = Math.Max(next, gap.LastSequence + 1);
            }
        }

        return next;
    }

    /// <summary>Takes the gaps up again that an earlier run left open.</summary>
    public static void Reopen(ChainContext context, GapFiller filler)
    {
        foreach (var gap in context.Gaps.GetGaps())
        {
            if (gap.SourceName != context.Name || gap.SessionId != context.SessionId || gap is not { State: GapState.Open, FirstSlot: not 0 } || gap.LastSlot < gap.FirstSlot)
            {
                continue;
            }

            // One sequence a slot, filled from the front: what is left is the end of it.
            var left = gap.LastSequence - gap.FirstSequence;
            var first = gap.LastSlot - Math.Min(left, gap.LastSlot - gap.FirstSlot);
            filler.Enqueue(new SlotGap(first, gap.LastSlot, gap.LastSequence - (gap.LastSlot - first), gap.LastSequence, GapState.Open, gap.Cause, "left open by an earlier run."));
        }
    }
}
