namespace Mev.Sdk;

/// <summary>A wish to change a strategy's parameters.</summary>
/// <param name="Engine">The configured name of the engine's source.</param>
/// <param name="StrategyId">The strategy.</param>
/// <param name="Parameters">A JSON object in UTF-16; at most 1 MiB in UTF-8. What it holds is between the host and the engine.</param>
/// <param name="Actor">Who asks: a person's or a component's name.</param>
/// <param name="ExpiresAt">When the update is no longer wanted; null = never.</param>
public sealed record ParameterRequest(string Engine, ushort StrategyId, string Parameters, string Actor, DateTimeOffset? ExpiresAt = null);
