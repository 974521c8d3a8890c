using Mev.Sdk.Simulation.Execution;

namespace Mev.Sdk.Simulation.Searching;

/// <summary>An arbitrage on its way: sent, and landing after so many more transactions of the market.</summary>
/// <param name="Due">The market's transaction count at which it lands.</param>
/// <param name="Order">The order.</param>
internal readonly record struct PlannedOrder(ulong Due, Order Order);
