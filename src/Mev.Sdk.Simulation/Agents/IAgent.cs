using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Agents;

/// <summary>Somebody who looks at the market at the start of a slot and may send a transaction.</summary>
/// <remarks>Agents only read the state; prices may have moved by the time their order is executed.</remarks>
internal interface IAgent
{
    /// <summary>Decides.</summary>
    /// <param name="state">The market as the agent sees it.</param>
    /// <param name="random">The agents' stream.</param>
    /// <param name="order">What it sends.</param>
    /// <returns>False when it sends nothing.</returns>
    bool TryDecide(MarketState state, Xoshiro256 random, out Order order);
}
