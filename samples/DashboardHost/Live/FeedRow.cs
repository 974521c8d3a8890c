using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>A row of the feed as a browser gets it.</summary>
/// <param name="N">Position in the feed.</param>
/// <param name="Sig">Signature in base58.</param>
/// <param name="T">When it was seen, milliseconds since the Unix epoch.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Kind">swap, transfer, vote or failed.</param>
/// <param name="Venue">Venue of the first leg, or empty.</param>
/// <param name="Legs">Swaps executed.</param>
/// <param name="Pair">What was swapped for what, or empty.</param>
/// <param name="Value">What the trader gave, with its unit, or empty.</param>
/// <param name="Fee">Fee paid, lamports.</param>
/// <param name="Tip">Jito tip, lamports.</param>
/// <param name="Cu">Compute units consumed.</param>
/// <param name="Score">Probability from the model; null = not scored.</param>
internal sealed record FeedRow(
    long N, string Sig, long T, ulong Slot, string Kind, string Venue, int Legs, string Pair, string Value, ulong Fee, ulong Tip, uint Cu, float? Score)
{
    public static FeedRow From(in FeedEntry entry) => new(
        entry.Number,
        entry.Signature.ToString(),
        entry.TimeMilliseconds,
        entry.Slot,
        KindOf(entry.Flags, entry.SwapCount),
        entry.SwapCount > 0 ? VenueNames.Get(entry.Venue) : "",
        entry.SwapCount,
        entry.SwapCount > 0 ? $"{TokenNames.Get(in entry.MintIn)} → {TokenNames.Get(in entry.MintOut)}" : "",
        entry.SwapCount > 0 ? TokenNames.FormatValue(in entry) : "",
        entry.FeeLamports,
        entry.TipLamports,
        entry.ComputeUnits,
        float.IsFinite(entry.Score) ? entry.Score : null);

    public static string KindOf(TransactionFlags flags, int swaps) =>
        (flags & TransactionFlags.Failed) != 0 ? "failed"
        : (flags & TransactionFlags.Vote) != 0 ? "vote"
        : swaps > 0 ? "swap" : "other";
}
