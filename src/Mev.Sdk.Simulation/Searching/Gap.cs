using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Searching;

/// <summary>The best arbitrage between two pools of a token right now.</summary>
/// <param name="Buy">Pool to buy the token in.</param>
/// <param name="Sell">Pool to sell it in.</param>
/// <param name="AmountIn">Lamports into the first.</param>
/// <param name="Tokens">Base units between them.</param>
/// <param name="AmountOut">Lamports out of the second.</param>
internal readonly record struct Gap(Pool Buy, Pool Sell, ulong AmountIn, ulong Tokens, ulong AmountOut)
{
    /// <summary>Before fee and tip, lamports.</summary>
    public ulong Profit => AmountOut - AmountIn;
}
