using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>A row of the opportunities list as a browser gets it.</summary>
/// <param name="N">Position in the list.</param>
/// <param name="T">When it was seen, milliseconds since the Unix epoch.</param>
/// <param name="Kind">arbitrage, sandwich, liquidation, backrun, jit or other.</param>
/// <param name="Sig">Signature of what triggered it, or empty.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Profit">
/// Net of fee and tip, lamports: what it earned or cost when it landed, or what was seen on chain; the expectation while it is open; null where there is
/// no such figure (nothing landed, or the profit is in another currency than SOL).
/// </param>
/// <param name="Expected">Whether <paramref name="Profit"/> is an expectation.</param>
/// <param name="Outcome">open, succeeded, failed, dropped, lost, declined or seen (an inspector found it on chain).</param>
/// <param name="Confidence">The engine's belief, 0 to 1; null = not stated.</param>
internal sealed record OpportunityRow(long N, long T, string Kind, string Sig, ulong Slot, long? Profit, bool Expected, string Outcome, double? Confidence)
{
    public static OpportunityRow From(OpportunityEntry entry) => new(
        entry.Number,
        entry.TimeMilliseconds,
        KindOf(entry.Kind),
        entry.Trigger.IsZero ? "" : entry.Trigger.ToString(),
        entry.Slot,
        NetOf(entry),
        entry.Outcome is OutcomeStatus.Unknown && (entry.Flags & OpportunityFlags.Observed) == 0,
        OutcomeOf(entry),
        entry.Confidence > 0 && double.IsFinite(entry.Confidence) ? entry.Confidence : null);

    public static string KindOf(OpportunityKind kind) => kind switch
    {
        OpportunityKind.Arbitrage => "arbitrage",
        OpportunityKind.Sandwich => "sandwich",
        OpportunityKind.Liquidation => "liquidation",
        OpportunityKind.Backrun => "backrun",
        OpportunityKind.JitLiquidity => "jit",
        _ => "other",
    };

    // Outcomes count profit before fee and tip; a failed transaction still paid them, one that never landed paid nothing.
    private static long? NetOf(OpportunityEntry entry) => entry.Outcome switch
    {
        OutcomeStatus.Succeeded or OutcomeStatus.Failed => entry.ProfitLamports - (long)entry.PaidLamports,
        OutcomeStatus.Dropped or OutcomeStatus.LostToRival or OutcomeStatus.Declined => null,
        _ when (entry.Flags & OpportunityFlags.Observed) != 0 && entry.QuoteMint != KnownMints.WrappedSol => null,
        _ => entry.ExpectedProfitLamports - (long)entry.ExpectedCostLamports,
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
