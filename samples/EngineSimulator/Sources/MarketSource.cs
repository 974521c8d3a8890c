using System.Buffers;
using System.Text;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Records;
using Mev.Sdk.Simulation;

namespace EngineSimulator.Sources;

/// <summary>A simulated market: it never ends. Its strategy can be changed while it runs, and reports what it does.</summary>
internal sealed class MarketSource : ISlotSource
{
    private const double SlotsPerSecond = 2.5;
    private const int FewestTransactions = 4;
    private const int MostTransactions = 4_000;
    private static readonly DateTimeOffset SlotEpoch = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Two seconds at the natural pace.
    private const int SlotsPerReport = 5;

    private readonly Lock _gate = new();
    private readonly SimulatedMarket _market;
    private readonly TimeProvider _time;
    private StrategyParameters _wanted;
    private StrategyParameters _inForce;
    private ulong _wantedRevision;
    private ulong _revision;
    private int _slots;

    public MarketSource(SimulatorEngineOptions options, double transactionsPerSecond, TimeProvider time)
    {
        _time = time;
        var now = time.GetUtcNow();

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
        _wanted = _inForce = StrategyParameters.Of(_market.Strategy);
    }

    public bool IsSimulated => true;

    public string Description { get; }

    public int MeanTransactions { get; }

    public ParameterUpdateHandler OnParameterUpdate => Take;

    public bool TryWrite(IBufferWriter<byte> frames)
    {
        var changed = Apply();
        _market.WriteSlot(frames);
        if (changed || _slots++ % SlotsPerReport == 0)
        {
            Report(frames);
        }

        return true;
    }

    public void Dispose() => _market.Dispose();

    private ParameterDecision Take(ParameterUpdate update)
    {
        if (update.StrategyId != MarketStrategy.Id)
        {
            return ParameterDecision.Rejected($"this engine runs strategy {MarketStrategy.Id} only, {MarketStrategy.Name}.");
        }

        lock (_gate)
        {
            if (_wanted.With(update.Parameters, out var reason) is not { } wanted)
            {
                return ParameterDecision.Rejected(reason);
            }

            (_wanted, _wantedRevision) = (wanted, update.Revision);
            return new ParameterDecision(true, "in force from the next slot on.");
        }
    }

    // The market is not for several threads, so its own takes what was asked for, between two slots.
    private bool Apply()
    {
        lock (_gate)
        {
            if (_revision == _wantedRevision)
            {
                return false;
            }

            (_inForce, _revision) = (_wanted, _wantedRevision);
        }

        (_market.Strategy.IsEnabled, _market.Strategy.MinimumProfitLamports) = (_inForce.IsEnabled, _inForce.MinimumProfitLamports);
        return true;
    }

    private void Report(IBufferWriter<byte> frames)
    {
        var strategy = _market.Strategy;
        var now = (ulong)(_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var record = new StrategyRecord
        {
            StrategyId = MarketStrategy.Id,
            Flags = strategy.IsEnabled ? StrategyFlags.Enabled : StrategyFlags.None,
            Revision = _revision,
            Slot = _market.NextSlot - 1,
            ObservedNanoseconds = now,
            Seen = strategy.Seen,
            Submitted = strategy.Submitted,
            Landed = strategy.Landed,
            ProfitLamports = strategy.ProfitLamports,
            CostLamports = strategy.CostLamports,
        };
        var name = Encoding.UTF8.GetBytes(MarketStrategy.Name);
        var parameters = _inForce.ToJson();
        var length = StrategyView.GetFrameLength(name.Length, parameters.Length);
        StrategyView.Write(frames.GetSpan(length), now, in record, name, parameters);
        frames.Advance(length);
    }
}
