using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Agents;

/// <summary>Everybody who sends transactions, and who comes how often.</summary>
internal sealed class Crowd
{
    private readonly (IAgent Agent, uint Weight)[] _agents;
    private readonly NoiseTraders _noise;
    private readonly LiquidityKeeper _keeper = new();
    private readonly Xoshiro256 _random;
    private readonly int _transactionsPerSlot;

    public Crowd(MarketOptions options, ulong seed)
    {
        _random = new Xoshiro256(seed, purpose: 2);
        _transactionsPerSlot = options.TransactionsPerSlot;
        _noise = new NoiseTraders((uint)(options.LargeSwapShare * Xoshiro256.One));
        var votes = (uint)(options.VoteShare * Xoshiro256.One);
        var blind = (uint)(options.BlindAttemptShare * Xoshiro256.One);
        var rest = Xoshiro256.One - votes - blind;
        _agents =
        [
            (new Voters(), votes),
            (new BlindSearchers(), blind),
            (new Payers(), rest / 8),
            (new TrendFollowers(), rest / 6),
        ];
    }

    /// <summary>Collects a slot's orders, ordered by what they bid with much luck in it, as leaders receive them.</summary>
    public void Gather(MarketState state, List<Order> orders)
    {
        orders.Clear();
        var count = Math.Max(1, (int)((long)_transactionsPerSlot * state.Activity / 1_024));
        if (_keeper.TryDecide(state, _random, out var withdrawal))
        {
            orders.Add(withdrawal);
        }

        while (orders.Count < count)
        {
            if (!Pick().TryDecide(state, _random, out var order))
            {
                _noise.TryDecide(state, _random, out order);
            }

            // Inserted at a random place of the last quarter of the queue, or, when it bids, of the whole.
            var reach = order.ComputeUnitPrice == 0 ? (orders.Count / 4) + 1 : orders.Count + 1;
            orders.Insert(orders.Count - _random.Below(reach), order);
        }
    }

    private IAgent Pick()
    {
        var draw = (uint)_random.Below((ulong)Xoshiro256.One);
        foreach (var (agent, weight) in _agents)
        {
            if (draw < weight)
            {
                return agent;
            }

            draw -= weight;
        }

        return _noise;
    }
}
