using System.Diagnostics;

namespace Mev.Sdk.Storage.DuckDb.Tests.Crash;

/// <summary>A process of the crash host that is killed, not asked.</summary>
internal sealed class CrashProcess
{
    private readonly Process _process;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _lines = [];

    public CrashProcess(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Mev.Sdk.Storage.CrashHost.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.BeginOutputReadLine();
    }

    /// <summary>Runs it for a while after its first line, kills it (SIGKILL) and gives back the whole lines it had printed.</summary>
    public static Task<List<string>> KillAfterAsync(int milliseconds, params string[] arguments) =>
        KillAfterAsync(() => Task.Delay(milliseconds), arguments);

    /// <summary>Runs it until something happened after its first line, kills it and gives back the whole lines it had printed.</summary>
    public static async Task<List<string>> KillAfterAsync(Func<Task> until, params string[] arguments)
    {
        var crash = new CrashProcess(arguments);
        var errors = crash._process.StandardError.ReadToEndAsync();
        var first = await Task.WhenAny(crash._started.Task, crash._process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(60)));
        if (first == crash._started.Task)
        {
            await until();
        }

        var exitedByItself = crash._process.HasExited;
        crash._process.Kill();
        await crash._process.WaitForExitAsync();
        Assert.False(exitedByItself, $"The crash host ended by itself: {await errors}");
        Assert.True(first == crash._started.Task, $"The crash host printed nothing: {await errors}");
        crash._process.Dispose();
        lock (crash._lines)
        {
            return [.. crash._lines];
        }
    }

    private void Add(string? line)
    {
        // A line cut by the kill has no second number; it proves nothing and is left out.
        if (line?.Split(' ') is [_, { Length: > 0 }])
        {
            lock (_lines)
            {
                _lines.Add(line);
            }

            _started.TrySetResult();
        }
    }
}
