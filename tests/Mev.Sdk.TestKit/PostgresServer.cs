using System.Diagnostics;

namespace Mev.Sdk.TestKit;

/// <summary>A PostgreSQL of the test's own, by eng/servers/postgres.sh: it can be stopped in the middle of everything and started again on its data.</summary>
/// <remarks>Ended with the process that started it, also when that is killed.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int NotInstalled = 3;
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(4);

    private readonly IReadOnlyDictionary<string, string> _values;

    private PostgresServer(IReadOnlyDictionary<string, string> values) => _values = values;

    /// <summary>Where it listens; the same after a restart.</summary>
    public string Port => _values["MEV_POSTGRES_PORT"];

    /// <summary>How Npgsql reaches its one database.</summary>
    public string ConnectionString => $"Host={_values["MEV_POSTGRES_HOST"]};Port={Port};Username={_values["MEV_POSTGRES_USER"]};Database={_values["MEV_POSTGRES_USER"]}";

    private string Folder => _values["MEV_POSTGRES_FOLDER"];

    /// <summary>Starts one with an empty database.</summary>
    /// <param name="dataFolder">Where its files go, such as a small disk; null for a temporary folder.</param>
    /// <param name="settings">Settings besides, each as <c>name=value</c>.</param>
    /// <exception cref="ServerMissingException">It is not installed.</exception>
    /// <exception cref="InvalidOperationException">It did not start; the message is the script's.</exception>
    public static async Task<PostgresServer> StartAsync(string? dataFolder = null, params IEnumerable<string> settings) => new(await RunAsync(
        [
            "start", "--no-install", "--for", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            .. dataFolder is null ? Array.Empty<string>() : ["--data", dataFolder],
            .. settings.SelectMany(static setting => (string[])["--set", setting]),
        ]));

    /// <summary>Stops it at once, as a power cut would; its data stays.</summary>
    public async Task StopNowAsync() => await RunAsync(["down", Folder]);

    /// <summary>Starts it again on its data; it recovers as after a crash.</summary>
    public async Task RestartAsync() => await RunAsync(["up", Folder]);

    public async ValueTask DisposeAsync() => await RunAsync(["stop", Folder]);

    private static async Task<IReadOnlyDictionary<string, string>> RunAsync(string[] arguments)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        if (folder is null || OperatingSystem.IsWindows())
        {
            throw new ServerMissingException("eng/servers/postgres.sh runs from a checkout, on Linux.");
        }

        using var patience = new CancellationTokenSource(StartPatience);
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(folder.FullName, "eng", "servers", "postgres.sh"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode switch
        {
            0 => (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal),
            NotInstalled => throw new ServerMissingException($"There is no PostgreSQL on this machine: {(await errors).Trim()}"),
            var code => throw new InvalidOperationException($"eng/servers/postgres.sh {arguments[0]} ended with code {code}: {(await errors).Trim()}"),
        };
    }
}
