namespace Mev.Sdk.Simulation;

/// <summary>What a <see cref="SimulatedMarket"/> is made of. Configuration section <c>Mev:Market</c>.</summary>
/// <remarks>Read once when the market is made; later changes have no effect. docs/market.md says where the defaults come from.</remarks>
public sealed class MarketOptions
{
    /// <summary>Seed of everything that is drawn; equal options give equal bytes on every machine. Default 1.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>Tokens traded against SOL, 1 to 64. Default 6.</summary>
    public int TokenCount { get; set; } = 6;

    /// <summary>Pools a token has, each on another venue: 2 or 3 (Raydium v4, Orca Whirlpool, PumpSwap). Default 3.</summary>
    public int VenuesPerToken { get; set; } = 3;

    /// <summary>Traders with wallets of their own, 8 to 5,000. Default 400.</summary>
    public int TraderCount { get; set; } = 400;

    /// <summary>Mean transactions in a slot, 4 to 4,000; a slot's number follows the market's activity. Default 80.</summary>
    public int TransactionsPerSlot { get; set; } = 80;

    /// <summary>Share of votes among all transactions, 0 to 0.9. Default 0.12.</summary>
    public double VoteShare { get; set; } = 0.12;

    /// <summary>Share of swaps whose size is drawn from the heavy tail, 0 to 1: these open most gaps. Default 0.12.</summary>
    public double LargeSwapShare { get; set; } = 0.12;

    /// <summary>Share of transactions that are blind arbitrage attempts, most of which fail, 0 to 0.5. Default 0.06.</summary>
    public double BlindAttemptShare { get; set; } = 0.06;

    /// <summary>How much rivals want what the strategy wants, 0 (alone) to 1 (always contested). Default 0.6.</summary>
    public double Competition { get; set; } = 0.6;

    /// <summary>Volatility of a token's value, in basis points a slot, 0 to 200. Default 6.</summary>
    public int VolatilityBasisPoints { get; set; } = 6;

    /// <summary>SOL on one side of a middling pool at the start, lamports, 10^9 to 10^15. Default 2,000 SOL.</summary>
    public ulong PoolDepthLamports { get; set; } = 2_000_000_000_000;

    /// <summary>Net of cost, an opportunity below this is not reported, lamports, 1 to 10^12. Default 50,000.</summary>
    public ulong MinimumProfitLamports { get; set; } = 50_000;

    /// <summary>First slot, 1,024 to 2^53; part of the seed of all that happens, not of the tokens and pools. Default 300,000,000.</summary>
    public ulong StartSlot { get; set; } = 300_000_000;

    /// <summary>The simulated clock at the first slot, between 1970 and 2200. Default 2025-01-01T00:00:00Z.</summary>
    public DateTimeOffset StartTime { get; set; } = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Length of a slot on the simulated clock, 1 ms to 10 s. Default 400 ms.</summary>
    public TimeSpan SlotDuration { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Collects what is wrong with the options.</summary>
    /// <returns>One sentence a fault, each naming its configuration key and the remedy; empty when the options hold.</returns>
    public IReadOnlyList<string> Validate() => MarketOptionsRules.Check(this);
}
