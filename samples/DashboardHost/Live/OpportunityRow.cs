using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>A row of the opportunities list as a browser gets it.</summary>
/// <param name="N">Position in the list.</param>
/// <param name="T">When it was seen, milliseconds since the Unix epoch.</param>
/// <param name="Kind">arbitrage, sandwich, liquidation, backrun, jit or other.</param>
/// <param name="Sig">Signature of what triggered it, or empty.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Profit">Expected profit less expected cost; after it ended with success, what it paid; lamports.</param>
/// <param name="Outcome">open, succeeded, failed, dropped, lost, declined or seen (an inspector found it on chain).</param>
/// <param name="Confidence">The engine's belief, 0 to 1; null = not stated.</param>
internal sealed record OpportunityRow(long N, long T, string Kind, string Sig, ulong Slot, long Profit, string Outcome, double? Confidence)
{
    public static OpportunityRow From(OpportunityEntry entry) => new(
        entry.Number,
        entry.TimeMilliseconds,
        KindOf(entry.Kind),
        entry.Trigger.IsZero ? "" : entry.Trigger.ToString(),
        entry.Slot,
        entry.Outcome is OutcomeStatus.Succeeded ? entry.ProfitLamports : entry.ExpectedProfitLamports - (long)entry.ExpectedCostLamports,
        OutcomeOf(entry),
        entry.Confidence == 0 ? null : entry.Confidence);

    public static string KindOf(OpportunityKind kind) => kind switch
    {
        OpportunityKind.Arbitrage => "arbitrage",
        OpportunityKind.Sandwich => "sandwich",
        OpportunityKind.Liquidation => "liquidation",
        OpportunityKind.Backrun => "backrun",
        OpportunityKind.JitLiquidity => "jit",
        _ => "other",
    };

    private static string OutcomeOf(OpportunityEntry entry) => entry.Outcome switch
    {
        OutcomeStatus.Succeeded => "succeeded",
        OutcomeStatus.Failed => "failed",
        OutcomeStatus.Dropped => "dropped",
        OutcomeStatus.LostToRival => "lost",
        OutcomeStatus.Declined => "declined",
        _ => (entry.Flags & OpportunityFlags.Observed) != 0 ? "seen" : "open",
    };
}
