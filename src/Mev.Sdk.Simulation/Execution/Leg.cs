using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Execution;

/// <summary>A swap that was executed.</summary>
/// <param name="Pool">Where.</param>
/// <param name="Buy">SOL in and tokens out, or the reverse.</param>
/// <param name="AmountIn">What the pool got.</param>
/// <param name="AmountOut">What it gave.</param>
/// <param name="ReserveInBefore">Its balance of what it got, before.</param>
/// <param name="ReserveOutBefore">Its balance of what it gave, before.</param>
internal readonly record struct Leg(Pool Pool, bool Buy, ulong AmountIn, ulong AmountOut, ulong ReserveInBefore, ulong ReserveOutBefore);
