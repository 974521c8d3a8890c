using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Agents;

/// <summary>Rivals who send arbitrages without looking and let the chain refuse those that would lose: most of them.</summary>
internal sealed class BlindSearchers : IAgent
{
    public bool TryDecide(MarketState state, Xoshiro256 random, out Order order)
    {
        var token = state.Tokens[random.Below(state.Tokens.Length)];
        var buy = random.Below(token.Pools.Length);
        var sell = (buy + 1 + random.Below(token.Pools.Length - 1)) % token.Pools.Length;
        var amount = Habits.SwapAmount(token.Pools[buy], buy: true, random.HeavyTail(continuation: 30_000, maxOctave: 3));
        var first = SwapTerms.AtMarket(token.Pools[buy], buy: true, amount, toleranceBasisPoints: 0);
        order = new Order(OrderKind.Arbitrage, state.Wallets.FirstRival + random.Below(WalletMap.RivalCount))
        {
            First = first,
            Second = new SwapTerms(token.Pools[sell], Buy: false, first.AmountOut, amount + Executor.LamportsPerSignature),
            ComputeUnitPrice = Habits.ComputeUnitPrice(state, random, typical: 10_000),
            ComputeUnitLimit = Habits.ComputeUnitLimit(in first, arbitrage: true),
        };
        return first.AmountOut > 0 && state.Ledger.Tokens(order.Wallet, 0) > amount;
    }
}
