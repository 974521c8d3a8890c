using System.Diagnostics;
using Mev.Sdk.Benchmarks.Children;

namespace Mev.Sdk.Benchmarks.Scorecard;

/// <summary>A process that a measure starts and ends.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private readonly bool _endsWithInput;

    private ChildProcess(ProcessStartInfo start, bool endsWithInput)
    {
        _endsWithInput = endsWithInput;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
    }

    /// <summary>Processor time it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory, bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts this program again as one of <see cref="ChildCommand"/>'s children.</summary>
    public static ChildProcess StartSelf(params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? throw new InvalidOperationException("The system does not say which program this is."));
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        start.ArgumentList.Add(ChildCommand.Verb);
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        return new ChildProcess(start, endsWithInput: true);
    }

    /// <summary>Starts another program, which is killed when it is no longer needed.</summary>
    public static ChildProcess Start(string program, params IEnumerable<string> args) => new(new ProcessStartInfo(program, args), endsWithInput: false);

    /// <summary>The next line that it says.</summary>
    /// <exception cref="InvalidOperationException">It ended, or said nothing for too long.</exception>
    public string ReadLine(TimeSpan? patience = null)
    {
        var line = _process.StandardOutput.ReadLineAsync();
        if (!line.Wait(patience ?? Patience))
        {
            throw new InvalidOperationException($"{_process.StartInfo.FileName} said nothing for {patience ?? Patience}.");
        }

        return line.Result ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended early.");
    }

    /// <summary>The next line that it says, or null when it ends.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already.
        }

        if (!_endsWithInput || !_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
