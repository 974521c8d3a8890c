namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>The engine this host takes its records from.</summary>
/// <param name="Endpoint"><c>tcp://HOST:PORT</c>.</param>
internal sealed record EngineAddress(string Endpoint);
