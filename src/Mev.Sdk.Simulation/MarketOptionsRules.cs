using System.Globalization;

namespace Mev.Sdk.Simulation;

/// <summary>The ranges that <see cref="MarketOptions"/> states.</summary>
internal static class MarketOptionsRules
{
    public static IReadOnlyList<string> Check(MarketOptions options)
    {
        List<string> faults = [];
        Range(faults, nameof(options.TokenCount), options.TokenCount, 1, 64, "tokens");
        Range(faults, nameof(options.VenuesPerToken), options.VenuesPerToken, 2, 3, "venues: one pool alone cannot be arbitraged");
        Range(faults, nameof(options.TraderCount), options.TraderCount, 8, 5_000, "traders");
        Range(faults, nameof(options.TransactionsPerSlot), options.TransactionsPerSlot, 4, 4_000, "transactions");
        Range(faults, nameof(options.VolatilityBasisPoints), options.VolatilityBasisPoints, 0, 200, "basis points a slot");
        Range(faults, nameof(options.PoolDepthLamports), options.PoolDepthLamports, 1_000_000_000UL, 1_000_000_000_000_000UL, "lamports: a pool without depth has no price, and amounts must stay within 64 bits");
        Range(faults, nameof(options.MinimumProfitLamports), options.MinimumProfitLamports, 1UL, 1_000_000_000_000UL, "lamports");
        Range(faults, nameof(options.StartSlot), options.StartSlot, 1_024UL, 1UL << 53, "slots");
        Range(faults, nameof(options.StartTime), options.StartTime.Year, 1970, 2200, "years");
        Range(faults, nameof(options.SlotDuration), options.SlotDuration.TotalMilliseconds, 1, 10_000, "milliseconds");
        Range(faults, nameof(options.VoteShare), options.VoteShare, 0, 0.9, "as a fraction of 1");
        Range(faults, nameof(options.LargeSwapShare), options.LargeSwapShare, 0, 1, "as a fraction of 1");
        Range(faults, nameof(options.BlindAttemptShare), options.BlindAttemptShare, 0, 0.5, "as a fraction of 1");
        Range(faults, nameof(options.Competition), options.Competition, 0, 1, "as a fraction of 1");
        if (options.VoteShare + options.BlindAttemptShare > 0.95)
        {
            faults.Add($"Mev:Market:{nameof(options.VoteShare)} and Mev:Market:{nameof(options.BlindAttemptShare)} leave under 5 % of the transactions to traders. Lower one of them.");
        }

        return faults;
    }

    private static void Range<T>(List<string> faults, string key, T value, T least, T most, string unit)
        where T : IComparable<T>, IFormattable
    {
        // Written so that NaN, which compares below everything, is a fault too.
        if (value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0)
        {
            return;
        }

        var invariant = CultureInfo.InvariantCulture;
        faults.Add(string.Create(invariant, $"Mev:Market:{key} is {value}. Set it from {least} to {most} {unit}."));
    }
}
