using System.Globalization;
using Mev.Sdk.Storage;

namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>What this run does, decided once from options.</summary>
/// <param name="Mode">Where the records come from.</param>
/// <param name="Kind">What the data directory holds.</param>
/// <param name="DataDirectory">The folder.</param>
/// <param name="ReplayPath">The block file; null unless replayed.</param>
/// <param name="TransactionsPerSecond">Speed of the embedded engine.</param>
/// <param name="Seed">Seed of the simulated market.</param>
/// <param name="Endpoint">The engine elsewhere; null when it is embedded.</param>
internal sealed record HostSettings(
    DataMode Mode, DataKind Kind, string DataDirectory, string? ReplayPath, double TransactionsPerSecond, ulong? Seed, string? Endpoint)
{
    /// <summary>Decides, and asks an engine elsewhere what its records are when nobody said.</summary>
    /// <param name="options">Section <c>Mev</c>.</param>
    /// <param name="configured">Endpoints of <c>Mev:Ingest:Sources</c>.</param>
    /// <exception cref="StartupException">Options contradict each other or are out of range; the message names the key.</exception>
    public static async Task<HostSettings> ResolveAsync(HostOptions options, IReadOnlyList<string> configured)
    {
        var replay = Blank(options.Replay.Path);
        var endpoint = Blank(options.Engine.Endpoint);
        if (replay is not null && endpoint is not null)
        {
            throw new StartupException("Mev:Replay:Path and Mev:Engine:Endpoint are both set: a host takes its records from one of them, remove the other.");
        }

        if (configured.Count > 0 && (replay ?? endpoint) is not null)
        {
            throw new StartupException(
                $"{(replay is null ? "Mev:Engine:Endpoint" : "Mev:Replay:Path")} and Mev:Ingest:Sources are both set: name every engine in Mev:Ingest:Sources, or none there.");
        }

        var chain = Blank(options.Source);
        if (chain is not null && (replay is not null || endpoint is not null || configured.Count > 0))
        {
            throw new StartupException("Mev:Source is set together with Mev:Replay:Path, Mev:Engine:Endpoint or Mev:Ingest:Sources: a host takes its records from one of them, remove the others.");
        }

        Range(options.Replay.TransactionsPerSecond, 1, 1_000_000, "Mev:Replay:TransactionsPerSecond");
        Range(options.Engine.TransactionsPerSecond, 1, 100_000, "Mev:Engine:TransactionsPerSecond");
        if (replay is not null && !File.Exists(replay))
        {
            throw new StartupException($"Mev:Replay:Path: the block file '{Path.GetFullPath(replay)}' does not exist.");
        }

        if (endpoint is not null && !IsTcp(endpoint))
        {
            throw new StartupException($"Mev:Engine:Endpoint is '{endpoint}', which is not tcp://HOST:PORT; write for example tcp://127.0.0.1:7070.");
        }

        var mode = replay is not null ? DataMode.Replay : endpoint is not null || configured.Count > 0 || chain is not null ? DataMode.Engine : DataMode.Simulated;
        var simulated = mode switch
        {
            DataMode.Simulated => true,
            DataMode.Replay => false,
            _ when chain is not null => false,
            _ => options.Engine.Simulated ?? await AskAsync(endpoint is null ? configured : [endpoint]) ?? false,
        };
        var kind = simulated ? DataKind.Simulated : DataKind.Chain;
        var directory = Blank(options.DataDirectory) ?? Path.Combine(".mev", simulated ? "simulated" : "chain");
        return new HostSettings(
            mode, kind, directory, replay,
            replay is not null ? options.Replay.TransactionsPerSecond : options.Engine.TransactionsPerSecond,
            options.Engine.Seed,
            endpoint);
    }

    // The first engine that answers speaks for all: a source of the other kind is refused when it connects.
    private static async Task<bool?> AskAsync(IReadOnlyList<string> endpoints)
    {
        foreach (var endpoint in endpoints.Where(IsTcp))
        {
            if (await EngineHello.IsSimulatedAsync(endpoint) is { } simulated)
            {
                return simulated;
            }
        }

        return null;
    }

    private static bool IsTcp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "tcp" && uri.DnsSafeHost.Length > 0 && uri.Port is > 0 and < 65_536
        && uri.AbsolutePath.Length <= 1 && uri.Query.Length == 0;

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static void Range(double value, double min, double max, string key)
    {
        if (!(value >= min && value <= max))
        {
            throw new StartupException(string.Create(CultureInfo.InvariantCulture, $"{key} is {value}; allowed are {min} to {max}."));
        }
    }
}
