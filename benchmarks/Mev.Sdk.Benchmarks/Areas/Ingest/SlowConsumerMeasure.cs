using System.Globalization;
using Mev.Sdk.Benchmarks.Children;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas.Ingest;

/// <summary>What a host's memory does when its sink is too slow for the stream.</summary>
internal static class SlowConsumerMeasure
{
    private const int Seconds = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Measures one host process against a generator that offers as much as is taken.</summary>
    public static Measure Run(string endpoint)
    {
        using var host = ChildProcess.StartSelf(SlowConsumerChild.Name, endpoint, Seconds.ToString(CultureInfo.InvariantCulture));
        if (host.ReadLine() is not "idle" and var said)
        {
            throw new InvalidOperationException($"The slow consumer said \"{said}\".");
        }

        Thread.Sleep(TimeSpan.FromSeconds(2));
        var idle = host.ResidentBytes;
        var most = idle;
        var ended = host.ReadLineAsync();
        while (!ended.Wait(Pause))
        {
            most = Math.Max(most, host.ResidentBytes);
        }

        if (!long.TryParse(ended.Result, CultureInfo.InvariantCulture, out var records) || records == 0)
        {
            throw new InvalidOperationException($"The slow consumer said \"{ended.Result}\" instead of how many records it took.");
        }

        return new Measure
        {
            Name = "ingest.slow.rss",
            Value = (most - idle) / (double)(1 << 20),
            Unit = "MiB",
            LessIsBetter = true,
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"most resident memory of a host process over {Seconds} s, sampled five times a second, less that of the same process before it connected ({idle >> 20} MiB); its sink pauses 20 ms a batch and took {records} records, the engine had more at every moment"),
        };
    }
}
