using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Agents;

/// <summary>Traders who buy and sell for reasons of their own, a little more often towards what they think the token is worth.</summary>
/// <param name="largeSwapShare">Share of swaps from the heavy tail, in 1/65536.</param>
internal sealed class NoiseTraders(uint largeSwapShare) : IAgent
{
    private static readonly uint[] Tolerances = [10, 30, 50, 50, 100, 100, 200, 300, 500, 1_000];

    public bool TryDecide(MarketState state, Xoshiro256 random, out Order order)
    {
        var token = state.Tokens[Math.Min(random.Below(state.Tokens.Length), random.Below(state.Tokens.Length))];
        var pool = token.Pools[random.Below(token.Pools.Length)];
        var deviation = Habits.Deviation(pool.Price, token.Value);
        var buy = random.Chance((uint)Math.Clamp(32_768 - (deviation * 400), 6_000, 59_536));
        var large = random.Chance(largeSwapShare);

        // Shares in 2^-20 of the reserve: usually 0.02 % and up, from the tail 0.2 % and up.
        var share = large
            ? random.HeavyTail(continuation: 29_000, maxOctave: 5) * 9
            : random.HeavyTail(continuation: 24_000, maxOctave: 3) * 3 / 4;
        var amount = Habits.SwapAmount(pool, buy, share);
        var tolerance = Tolerances[Math.Min(Tolerances.Length - 1, random.Below(Tolerances.Length - 1) + (large ? 1 : 0))];
        var terms = SwapTerms.AtMarket(pool, buy, amount, tolerance);
        var price = Habits.ComputeUnitPrice(state, random, typical: 100_000);
        order = Habits.SwapOrTopUp(state, random, random.Below(state.Wallets.TraderCount), in terms, price);
        return true;
    }
}
