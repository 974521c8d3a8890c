using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Agents;
using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Searching;

/// <summary>The engine's strategy and its rivals: sees gaps as they open, decides, and follows what was sent to its end.</summary>
/// <remarks>What is drawn here decides who takes a gap; neither the draws nor their probabilities are in any record.</remarks>
internal sealed class SearchDesk
{
    private readonly MarketState _state;
    private readonly CompetitionModel _competition;
    private readonly TipWindow _tips = new();
    private readonly Xoshiro256 _random;
    private readonly MarketStrategy _strategy;
    private readonly List<PlannedOrder> _planned = [];
    private readonly List<DueOutcome> _outcomes = [];
    private ulong _lastOpportunityId;

    public SearchDesk(MarketState state, MarketOptions options, MarketStrategy strategy, ulong seed)
    {
        _state = state;
        _competition = new CompetitionModel((uint)(options.Competition * Xoshiro256.One));
        _strategy = strategy;
        _random = new Xoshiro256(seed, purpose: 4);
    }

    /// <summary>Looks at a token after a swap moved one of its pools.</summary>
    /// <param name="token">The token.</param>
    /// <param name="fromSearcher">Whether the swap was itself an arbitrage: then nobody is told, and only the gap that is left is noted.</param>
    /// <param name="gap">The gap that the swap opened or widened.</param>
    /// <param name="order">The strategy's answer to it.</param>
    /// <param name="wasOpen">Whether part of the gap was there before.</param>
    /// <returns>False when there is nothing to report.</returns>
    public bool TryDetect(Token token, bool fromSearcher, out Gap gap, out Order order, out bool wasOpen)
    {
        order = default;
        var before = token.OpenProfit;
        var found = ArbitrageDetector.TryFind(token, out gap);
        token.OpenProfit = found ? gap.Profit : 0;
        wasOpen = before > _strategy.MinimumProfitLamports;
        if (!found || fromSearcher || gap.Profit <= before + (before / 2))
        {
            return false;
        }

        order = Answer(in gap);
        return gap.Profit >= Executor.LamportsNeeded(in order) + _strategy.MinimumProfitLamports;
    }

    /// <summary>Decides who goes for a reported gap, and when.</summary>
    /// <param name="gap">The gap.</param>
    /// <param name="order">The strategy's answer.</param>
    /// <param name="now">The market's transaction count.</param>
    /// <returns>The opportunity's id.</returns>
    public ulong Open(in Gap gap, in Order order, ulong now)
    {
        var id = ++_lastOpportunityId;
        var rank = _tips.Rank(order.TipLamports);
        var rival = _random.Chance(_competition.RivalFirst(gap.Profit, rank));
        var lands = _random.Chance(CompetitionModel.Landing(_state.Activity, rank));
        var tooLate = rival && _random.Chance(Xoshiro256.One / 2);
        var rivalDelay = 1 + (ulong)_random.Below(4);
        _strategy.Seen++;
        if (rival)
        {
            Plan(now + rivalDelay, RivalAnswer(in gap));
        }

        if (!_strategy.IsEnabled)
        {
            Report(id, default, OutcomeStatus.Declined, _state.Slot + 1);
        }
        else if (rival && !tooLate)
        {
            // The rival's transaction was seen on its way, so nothing was sent.
            Report(id, default, OutcomeStatus.LostToRival, _state.Slot + 1);
        }
        else if (!lands)
        {
            _strategy.Submitted++;
            Report(id, default, OutcomeStatus.Dropped, _state.Slot + 3);
            if (!rival && _random.Chance(Xoshiro256.One / 2))
            {
                Plan(now + 20 + (ulong)_random.Below(100), RivalAnswer(in gap));
            }
        }
        else
        {
            _strategy.Submitted++;
            Plan(now + (rival ? rivalDelay : 0) + 1 + (ulong)_random.Below(4), order with { OpportunityId = id });
        }

        return id;
    }

    /// <summary>Takes the next arbitrage that lands by now.</summary>
    public bool TryTake(ulong now, out Order order)
    {
        var first = -1;
        for (var i = 0; i < _planned.Count; i++)
        {
            if (_planned[i].Due <= now && (first < 0 || _planned[i].Due < _planned[first].Due))
            {
                first = i;
            }
        }

        order = first < 0 ? default : _planned[first].Order;
        if (first >= 0)
        {
            _planned.RemoveAt(first);
        }

        return first >= 0;
    }

    /// <summary>Hears what became of an order that landed.</summary>
    public void Landed(in Order order, Outcome outcome, in Signature signature)
    {
        if (outcome.Succeeded && order.TipLamports > 0)
        {
            _tips.Add(order.TipLamports);
        }

        if (order.OpportunityId == 0)
        {
            return;
        }

        var record = new OutcomeRecord
        {
            Signature = signature,
            OpportunityId = order.OpportunityId,
            Status = outcome.Succeeded ? OutcomeStatus.Succeeded : OutcomeStatus.Failed,
            FeeLamports = outcome.FeeLamports,
            TipLamports = outcome.Succeeded ? order.TipLamports : 0,
            ProfitLamports = outcome.Succeeded ? (long)outcome.Legs[1].AmountOut - (long)outcome.Legs[0].AmountIn : 0,
        };
        _strategy.Landed++;
        _strategy.ProfitLamports += record.ProfitLamports;
        _strategy.CostLamports += record.FeeLamports + record.TipLamports;
        _outcomes.Add(new DueOutcome(_state.Slot + 1 + (ulong)_random.Below(3), record));
    }

    /// <summary>Takes the next outcome to report in this slot.</summary>
    public bool TryReport(out OutcomeRecord record)
    {
        for (var i = 0; i < _outcomes.Count; i++)
        {
            if (_outcomes[i].Slot <= _state.Slot)
            {
                record = _outcomes[i].Record;
                record.Slot = _state.Slot;
                _outcomes.RemoveAt(i);
                return true;
            }
        }

        record = default;
        return false;
    }

    private void Plan(ulong due, in Order order) => _planned.Add(new PlannedOrder(due, order));

    private void Report(ulong id, in Signature signature, OutcomeStatus status, ulong slot) =>
        _outcomes.Add(new DueOutcome(slot, new OutcomeRecord { OpportunityId = id, Signature = signature, Status = status }));

    private Order Answer(in Gap gap)
    {
        // The strategy explores: it offers from a tenth to a half of the profit as tip.
        var tip = gap.Profit / 20 * (2 + (ulong)_random.Below(9));
        return Arbitrage(_state.Wallets.Strategy, in gap, tip);
    }

    private Order RivalAnswer(in Gap gap) =>
        Arbitrage(_state.Wallets.FirstRival + _random.Below(WalletMap.RivalCount), in gap, gap.Profit / 20 * (3 + (ulong)_random.Below(10)));

    private Order Arbitrage(int wallet, in Gap gap, ulong tip)
    {
        var first = new SwapTerms(gap.Buy, Buy: true, gap.AmountIn, gap.Tokens);
        var price = Habits.ComputeUnitPrice(_state, _random, typical: 100_000);
        var order = new Order(OrderKind.Arbitrage, wallet)
        {
            First = first,
            ComputeUnitPrice = price,
            ComputeUnitLimit = Habits.ComputeUnitLimit(in first, arbitrage: true),
            TipLamports = tip >= 1_000 ? tip : 0,
        };

        // The second swap must return the stake and what was spent on fee and tip, or nothing happens.
        return order with { Second = new SwapTerms(gap.Sell, Buy: false, gap.Tokens, gap.AmountIn + Executor.LamportsNeeded(in order)) };
    }
}
