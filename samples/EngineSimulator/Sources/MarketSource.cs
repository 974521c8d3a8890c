using System.Buffers;
using Mev.Sdk.Simulation;

namespace EngineSimulator.Sources;

/// <summary>A simulated market: it never ends.</summary>
internal sealed class MarketSource : ISlotSource
{
    private const double SlotsPerSecond = 2.5;
    private const int FewestTransactions = 4;
    private const int MostTransactions = 4_000;
    private static readonly DateTimeOffset SlotEpoch = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SimulatedMarket _market;

    public MarketSource(SimulatorEngineOptions options, double transactionsPerSecond, DateTimeOffset now)
    {
        // A later start begins at a later slot: the same tokens and pools, another stretch of their market, other signatures.
        var market = new MarketOptions { StartTime = now };
        market.StartSlot += (ulong)(Math.Max(0, (now - SlotEpoch).TotalSeconds) * SlotsPerSecond);
        market.Seed = options.Seed ?? market.Seed;
        if (transactionsPerSecond > 0)
        {
            market.TransactionsPerSlot = (int)Math.Clamp(transactionsPerSecond / SlotsPerSecond, FewestTransactions, MostTransactions);
        }

        options.ConfigureMarket?.Invoke(market);
        MeanTransactions = market.TransactionsPerSlot;
        Description = $"simulated market of {market.TokenCount} tokens, seed {market.Seed}";
        _market = new SimulatedMarket(market);
    }

    public bool IsSimulated => true;

    public string Description { get; }

    public int MeanTransactions { get; }

    public bool TryWrite(IBufferWriter<byte> frames)
    {
        _market.WriteSlot(frames);
        return true;
    }

    public void Dispose() => _market.Dispose();
}
