using System.Diagnostics;
using System.Globalization;

namespace Mev.Sdk.Native.Tests.Support;

/// <summary>A host in a process of its own (tests/Mev.Sdk.Ingest.CrashHost), which is killed, not asked.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _acknowledging = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _acknowledged;

    public HostProcess(string endpoint, string folder)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Mev.Sdk.Ingest.CrashHost.dll"), endpoint, folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
    }

    /// <summary>The highest sequence that it said it had acknowledged; 0 before.</summary>
    public ulong Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Waits until its journal is open and its source runs.</summary>
    public Task ReadyAsync() => HearsAsync(_ready.Task, "was never ready");

    /// <summary>Waits until it has acknowledged something of its own run.</summary>
    public Task AcknowledgingAsync() => HearsAsync(_acknowledging.Task, "acknowledged nothing");

    /// <summary>Kills it (SIGKILL); it must have been alive.</summary>
    public async Task KillAsync()
    {
        var exitedByItself = _process.HasExited;
        _process.Kill();

        // Waits for the end of its output too, so that what it said last counts.
        await _process.WaitForExitAsync(CancellationToken.None);
        Assert.False(exitedByItself, $"The host ended by itself: {await _errors}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private async Task HearsAsync(Task heard, string otherwise)
    {
        var first = await Task.WhenAny(heard, _process.WaitForExitAsync(CancellationToken.None), Task.Delay(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Assert.True(first == heard, _process.HasExited ? $"The host ended by itself: {await _errors}" : $"The host {otherwise}.");
    }

    private void Hear(string? line)
    {
        switch (line?.Split(' '))
        {
            case ["ready"]:
                _ready.TrySetResult();
                break;

            // A line that the kill cut short says a smaller number, which is just as durable.
            case ["acknowledged", var text] when ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence):
                Volatile.Write(ref _acknowledged, Math.Max(Acknowledged, sequence));
                _acknowledging.TrySetResult();
                break;
            default:
                break;
        }
    }
}
