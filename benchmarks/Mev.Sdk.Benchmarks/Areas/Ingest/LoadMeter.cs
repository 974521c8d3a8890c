using System.Diagnostics;
using System.Globalization;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas.Ingest;

/// <summary>What share of a core the load generator and this process used while ours was measured: both sides share the same cores.</summary>
internal sealed class LoadMeter(ChildProcess generator)
{
    private TimeSpan _elapsed;
    private TimeSpan _theirs;
    private TimeSpan _own;

    public double During(Func<double> measured)
    {
        var (started, theirs, own) = (Stopwatch.GetTimestamp(), generator.ProcessorTime, Environment.CpuUsage.TotalTime);
        var value = measured();
        _elapsed += Stopwatch.GetElapsedTime(started);
        _theirs += generator.ProcessorTime - theirs;
        _own += Environment.CpuUsage.TotalTime - own;
        return value;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"While ours ran, the generator used {_theirs / _elapsed:0.00} cores and the receiver {_own / _elapsed:0.00} of {Environment.ProcessorCount}");
}
