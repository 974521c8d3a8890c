namespace Mev.Sdk.Storage.Tests.Journal.Simulation;

/// <summary>The simulated machine is off.</summary>
internal sealed class PowerLostException() : IOException("The power is gone.");
