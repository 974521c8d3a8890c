using System.Diagnostics;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary>Shows how far something is: one line that changes on a console, a new line now and then, and the last, in a file.</summary>
internal sealed class ProgressLine<T>(TextWriter output, Func<T, string> describe) : IProgress<T>, IDisposable
{
    private static readonly TimeSpan InFiles = TimeSpan.FromSeconds(5);

    private readonly bool _isConsole = ReferenceEquals(output, Console.Error) && !Console.IsErrorRedirected;
    private readonly Lock _gate = new();
    private long _written;
    private int _width;
    private string? _pending;

    public void Report(T value)
    {
        lock (_gate)
        {
            var line = describe(value);
            if (_isConsole)
            {
                output.Write('\r' + line.PadRight(_width));
                _width = line.Length;
            }
            else if (_written == 0 || Stopwatch.GetElapsedTime(_written) >= InFiles)
            {
                output.WriteLine(line);
                _written = Stopwatch.GetTimestamp();
                _pending = null;
            }
            else
            {
                _pending = line;
            }
        }
    }

    public void Dispose()
    {
        if ((_isConsole && _width > 0) || _pending is not null)
        {
            output.WriteLine(_pending);
        }
    }
}
