using System.Net;
using Mev.Sdk.Simulation;

namespace EngineSimulator;

/// <summary>What a <see cref="SimulatorEngine"/> streams, where and how fast. Copied when the engine starts.</summary>
public sealed class SimulatorEngineOptions
{
    /// <summary>Where to listen; port 0 takes a free one. Default loopback, port 0.</summary>
    public IPEndPoint Listen { get; set; } = new(IPAddress.Loopback, 0);

    /// <summary>A file with a <c>getBlock</c> result, or a folder of them, taken in the order of their names; null = a simulated market. Default null.</summary>
    public string? Path { get; set; }

    /// <summary>
    /// Transactions a second; 0 = as fast as the subscriber takes them. Default null: 400 for a market, and for block files their natural pace
    /// of one block each 400 ms.
    /// </summary>
    public double? TransactionsPerSecond { get; set; }

    /// <summary>
    /// Start over at the end of the block files, for ever. Every pass has signatures and slots of its own, so these are no longer the chain's
    /// records and the whole stream says that it is simulated. Default false; a market never ends.
    /// </summary>
    public bool Loop { get; set; }

    /// <summary>
    /// Seed of the market, and of fresh signatures of looped files. Default null: 1 for a market, drawn at each start for files. Whatever the seed, a
    /// market begins at the slot of today's clock, so that a host that keeps its data directory sees the same tokens again and new transactions;
    /// set <see cref="MarketOptions.StartSlot"/> and <see cref="MarketOptions.StartTime"/> by <see cref="ConfigureMarket"/> to replay one to the byte.
    /// </summary>
    public ulong? Seed { get; set; }

    /// <summary>Changes the market before it is made, as to bind a configuration section; what it sets wins over everything above. Default null.</summary>
    public Action<MarketOptions>? ConfigureMarket { get; set; }

    /// <summary>Memory for records that can be replayed to a host that comes back, bytes. Default 64 MiB.</summary>
    public long RetentionBytes { get; set; } = 64 << 20;
}
