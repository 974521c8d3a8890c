using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Agents;

/// <summary>The house, which takes fees out of pools that have grown, so that depth stays what it was over days.</summary>
internal sealed class LiquidityKeeper : IAgent
{
    private int _next;

    public bool TryDecide(MarketState state, Xoshiro256 random, out Order order)
    {
        // One pool a slot in turn; a product an eighth above the opening one is a depth 6 % above it.
        var pool = state.Pools[_next++ % state.Pools.Length];
        order = new Order(OrderKind.WithdrawLiquidity, state.Wallets.House)
        {
            First = new SwapTerms(pool, Buy: false, 0, 0),
            Amount = pool.Shares / 20,
            ComputeUnitPrice = 1_000,
            ComputeUnitLimit = 120_000,
        };
        return pool.Product > pool.OpeningProduct + (pool.OpeningProduct >> 3) && order.Amount > 0;
    }
}
