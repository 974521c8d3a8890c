using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mev.Sdk.DashboardHost.Ingest;

/// <summary>Listens to the packages' own histograms, so that the page shows what a metrics system would.</summary>
internal sealed class MeterWindows : IDisposable
{
    public const string Lag = "mev.ingest.lag";
    public const string CorrectedLag = "mev.ingest.lag.corrected";
    public const string RoundTrip = "mev.ingest.round_trip";
    public const string Fsync = "mev.storage.journal.fsync.duration";
    public const string Commit = "mev.storage.journal.commit.duration";

    private static readonly string[] Wanted = [Lag, CorrectedLag, RoundTrip, Fsync, Commit];
    private readonly ConcurrentDictionary<(string Instrument, string Source), QuantileWindow> _windows = new();
    private readonly MeterListener _listener;
    private readonly TimeProvider _time;

    public MeterWindows(TimeProvider time)
    {
        _time = time;
        _listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name is "Mev.Sdk.Ingest" or "Mev.Sdk.Storage" && Wanted.Contains(instrument.Name))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument.Name, value, tags));
        _listener.Start();
    }

    /// <summary>Median and 99th percentile of the last half minute, seconds; null without measurements.</summary>
    public (double P50, double P99)? Read(string instrument, string source = "") =>
        _windows.TryGetValue((instrument, source), out var window) ? window.Read() : null;

    public void Dispose() => _listener.Dispose();

    private void Take(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var source = "";
        foreach (var tag in tags)
        {
            source = tag.Key == "source" ? tag.Value as string ?? "" : source;
        }

        _windows.GetOrAdd((instrument, source), static (_, time) => new QuantileWindow(time), _time).Add(value);
    }
}
