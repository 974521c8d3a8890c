using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Mev.Sdk.DashboardHost.Tests.Support;

/// <summary>The real host as its users start it: a process of its own, from its own output directory, with a fresh data directory.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Process _process;

    private HostProcess(Process process, int port)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(20) };
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrEmpty(line.Data))
            {
                _errors.Enqueue(line.Data);
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; }

    public IReadOnlyList<string> Errors => [.. _errors];

    public string Output => string.Join('\n', _output.Concat(_errors));

    /// <summary>Starts the host; the port is free unless <c>--urls</c> is among the arguments. <c>Mev__KEY=VALUE</c> is set in its environment.</summary>
    public static HostProcess Start(string workingDirectory, params string[] arguments)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(HostAssembly());
        if (!arguments.Any(static a => a.StartsWith("--urls", StringComparison.Ordinal)))
        {
            start.ArgumentList.Add($"--urls=http://127.0.0.1:{port}");
        }

        foreach (var argument in arguments)
        {
            if (argument.StartsWith("Mev__", StringComparison.Ordinal) && argument.Split('=', 2) is [var name, var value])
            {
                start.Environment[name] = value;
            }
            else
            {
                start.ArgumentList.Add(argument);
            }
        }

        return new HostProcess(Process.Start(start) ?? throw new InvalidOperationException("The host did not start."), port);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task ReadyAsync() => await UntilAsync("ready", async () =>
    {
        using var response = await Client.GetAsync(new Uri("healthz", UriKind.Relative));
        return response.IsSuccessStatusCode;
    });

    public async Task<JsonElement> StatsAsync()
    {
        using var json = JsonDocument.Parse(await Client.GetStringAsync(new Uri("api/v1/stats", UriKind.Relative)));
        return json.RootElement.Clone();
    }

    /// <summary>Waits until the statistics satisfy a condition, and returns them.</summary>
    public async Task<JsonElement> StatsAsync(string what, Func<JsonElement, bool> condition)
    {
        JsonElement stats = default;
        await UntilAsync(what, async () => condition(stats = await StatsAsync()));
        return stats;
    }

    /// <summary>Waits for the process to end by itself.</summary>
    public async Task<int> ExitAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, as a service manager does, and waits until it has.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends it as a power cut would: no handler runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        Client.Dispose();
        _process.Dispose();
    }

    /// <summary>Waits until a condition holds.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        while (watch.Elapsed < Patience)
        {
            Assert.False(_process.HasExited, $"The host ended before it was {what}:\n{Output}");
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                last = exception;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"Not {what} within {Patience}. Last error: {last?.Message}\n{Output}");
    }

    // bin/<configuration>/net10.0 of this test project tells which build of the host belongs to it.
    private static string HostAssembly()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = here.Parent!.Name;
        var root = here;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Mev.Sdk.sln")))
        {
            root = root.Parent;
        }

        return Path.Combine(root!.FullName, "samples", "DashboardHost", "bin", configuration, "net10.0", "DashboardHost.dll");
    }
}
