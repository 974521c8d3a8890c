namespace Mev.Sdk.Simulation;

/// <summary>The one strategy that a simulated market's engine runs: what it is set to, and what it has done.</summary>
/// <remarks>Not thread-safe: change it between two slots, on the market's thread. A change takes effect with the next slot.</remarks>
public sealed class MarketStrategy
{
    /// <summary>Its id, which its opportunities name.</summary>
    public const ushort Id = 1;

    /// <summary>Its name.</summary>
    public const string Name = "two-pool arbitrage";

    internal MarketStrategy(ulong minimumProfitLamports) => MinimumProfitLamports = minimumProfitLamports;

    /// <summary>Whether it acts on what it sees; when not, its opportunities are reported and end as declined. Starts true.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>Net of cost, an opportunity below this is not reported, lamports. Starts as <see cref="MarketOptions.MinimumProfitLamports"/>.</summary>
    public ulong MinimumProfitLamports { get; set; }

    /// <summary>Opportunities reported.</summary>
    public ulong Seen { get; internal set; }

    /// <summary>Opportunities that a transaction was sent for.</summary>
    public ulong Submitted { get; internal set; }

    /// <summary>Transactions that landed, failed ones included.</summary>
    public ulong Landed { get; internal set; }

    /// <summary>Profit of what succeeded before fees and tips, lamports.</summary>
    public long ProfitLamports { get; internal set; }

    /// <summary>Fees and tips paid, lamports.</summary>
    public ulong CostLamports { get; internal set; }
}
