using System.Diagnostics;
using System.Globalization;

namespace Mev.Sdk.TestKit;

/// <summary>A ClickHouse server of the test's own, by eng/servers/clickhouse.sh: it can be killed, restarted with its data, frozen and made read-only.</summary>
/// <remarks>Ended with the process that started it, also when that is killed.</remarks>
public sealed class ClickHouseServer : IAsyncDisposable
{
    private const int NotInstalled = 3;
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(4);

    private IReadOnlyDictionary<string, string> _values;

    private ClickHouseServer(IReadOnlyDictionary<string, string> values) => _values = values;

    /// <summary>Where its HTTP interface answers; the same after a restart.</summary>
    public string Url => _values["MEV_CLICKHOUSE_URL"];

    public string User => _values["MEV_CLICKHOUSE_USER"];

    public string Password => _values["MEV_CLICKHOUSE_PASSWORD"];

    /// <summary>Its process, another one after each restart.</summary>
    public int ProcessId => int.Parse(_values["MEV_CLICKHOUSE_PID"], CultureInfo.InvariantCulture);

    private string Folder => _values["MEV_CLICKHOUSE_FOLDER"];

    /// <summary>Starts one with an empty store.</summary>
    /// <exception cref="ServerMissingException">It is not installed.</exception>
    /// <exception cref="InvalidOperationException">It did not start; the message is the script's.</exception>
    public static async Task<ClickHouseServer> StartAsync() => new(await RunAsync("start", "--no-install", "--for", OwnId()));

    /// <summary>Ends it at once, as a crash would; its data stays.</summary>
    public async Task KillAsync() => await RunAsync("end", Folder);

    /// <summary>Starts it again on its data after <see cref="KillAsync"/>.</summary>
    /// <param name="readOnly">Whether it refuses every write.</param>
    public async Task RestartAsync(bool readOnly = false) =>
        _values = await RunAsync(["start", "--no-install", "--folder", Folder, .. readOnly ? ["--read-only"] : Array.Empty<string>()]);

    /// <summary>Stops its process where it is, so that it accepts connections and answers nothing.</summary>
    public void Freeze() => Signal("-STOP");

    /// <summary>Lets it go on after <see cref="Freeze"/>.</summary>
    public void Thaw() => Signal("-CONT");

    public async ValueTask DisposeAsync() => await RunAsync("stop", Folder);

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, ProcessId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string OwnId() => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyDictionary<string, string>> RunAsync(params string[] arguments)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        if (folder is null || OperatingSystem.IsWindows())
        {
            throw new ServerMissingException("eng/servers/clickhouse.sh runs from a checkout, on Linux.");
        }

        using var patience = new CancellationTokenSource(StartPatience);
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(folder.FullName, "eng", "servers", "clickhouse.sh"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode switch
        {
            0 => (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal),
            NotInstalled => throw new ServerMissingException($"There is no ClickHouse on this machine: {(await errors).Trim()}"),
            var code => throw new InvalidOperationException($"eng/servers/clickhouse.sh {arguments[0]} ended with code {code}: {(await errors).Trim()}"),
        };
    }
}
