using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Mev.Sdk.Native.Tests.Support;

/// <summary>A running C++ engine, driven line by line; native/tests/test_engine.cpp says what it understands. Killed when disposed.</summary>
internal sealed class NativeEngine : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private bool _isDisposed;

    private NativeEngine(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
    }

    public string Endpoint { get; private set; } = "";

    public ulong SessionId { get; private set; }

    /// <summary>What the engine logged so far.</summary>
    public string Log => string.Join('\n', _log);

    public static async Task<NativeEngine> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(await NativeBuild.GetEngineAsync(), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var engine = new NativeEngine(Process.Start(start)!);
        engine.Endpoint = await engine.ReadAsync("listening");
        engine.SessionId = ulong.Parse(await engine.TellAsync("session"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return engine;
    }

    /// <summary>Has a command done, and returns its answer.</summary>
    public async Task<string> TellAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        return await ReadAsync(command.Split(' ')[0]);
    }

    /// <summary>Has a command done that must succeed.</summary>
    public async Task DoAsync(string command) => Assert.Equal("ok", await TellAsync(command));

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<string> ReadAsync(string word)
    {
        var line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(line is not null && line.StartsWith(word, StringComparison.Ordinal), $"expected '{word} ...', got '{line}'; log: {Log}");
        return line[word.Length..].Trim();
    }
}
