using EngineSimulator;

namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>The engine for machines that have none, in this process, over a real socket on loopback.</summary>
internal static class EmbeddedEngine
{
    /// <summary>Reads the block file or makes the market, and listens; it streams when the host subscribes.</summary>
    /// <exception cref="StartupException">The block file is missing or unreadable.</exception>
    public static SimulatorEngine Start(HostSettings settings, TimeProvider time)
    {
        try
        {
            return SimulatorEngine.Start(
                new SimulatorEngineOptions { Path = settings.ReplayPath, TransactionsPerSecond = settings.TransactionsPerSecond, Seed = settings.Seed }, time);
        }
        catch (SimulatorEngineException exception)
        {
            throw new StartupException(settings.ReplayPath is null ? exception.Message : $"Mev:Replay:Path: {exception.Message}", exception);
        }
    }
}
