using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Agents;

/// <summary>Traders who buy what has risen and sell what has fallen, in a hurry and with wide tolerance.</summary>
internal sealed class TrendFollowers : IAgent
{
    /// <summary>They act once the price has left its slow average by this much, in 1/1024.</summary>
    private const int Threshold = 6;

    public bool TryDecide(MarketState state, Xoshiro256 random, out Order order)
    {
        order = default;
        var token = state.Tokens[random.Below(state.Tokens.Length)];
        var trend = Habits.Deviation(Habits.ReferencePrice(token), token.SlowPrice);
        if (Math.Abs(trend) < Threshold)
        {
            return false;
        }

        // They all look at one screen, so they pile into the pool that moved: the first one more often than not.
        var pool = token.Pools[Math.Min(random.Below(token.Pools.Length), random.Below(token.Pools.Length))];
        var share = random.HeavyTail(continuation: 26_000, maxOctave: 3) * 3 / 2;
        var buy = trend > 0;
        var terms = SwapTerms.AtMarket(pool, buy, Habits.SwapAmount(pool, buy, share), toleranceBasisPoints: 300 + (uint)random.Below(1_200));
        var price = Habits.ComputeUnitPrice(state, random, typical: 250_000);
        order = Habits.SwapOrTopUp(state, random, random.Below(state.Wallets.TraderCount), in terms, price);
        return true;
    }
}
