using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mev.Sdk.DashboardHost.Ingest;

/// <summary>Listens to counters of chain sources and of views, so that the page shows what a metrics system would. Thread-safe.</summary>
internal sealed class MeterCounts : IDisposable
{
    public const string MissingSlots = "mev.chain.missing_slots";
    public const string FilledSlots = "mev.chain.filled_slots";
    public const string Unreadable = "mev.chain.unreadable";
    public const string ViewDelivered = "mev.ingest.view.delivered";
    public const string ViewDropped = "mev.ingest.view.dropped";

    private static readonly string[] Wanted = [MissingSlots, FilledSlots, Unreadable, ViewDelivered, ViewDropped];
    private readonly ConcurrentDictionary<(string Instrument, string Source), long> _counts = new();
    private readonly MeterListener _listener;

    public MeterCounts()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name is "Mev.Sdk.Ingest" or "Mev.Sdk.Ingest.Solana" && Wanted.Contains(instrument.Name))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument.Name, value, tags));
        _listener.Start();
    }

    /// <summary>Sources or views that a counter was seen of.</summary>
    public IReadOnlyList<string> NamesOf(string instrument) =>
        [.. _counts.Keys.Where(key => key.Instrument == instrument).Select(static key => key.Source).Order(StringComparer.Ordinal)];

    /// <summary>A counter's value of a source, or of a view, since the host started.</summary>
    public long Read(string instrument, string source) => _counts.GetValueOrDefault((instrument, source));

    public void Dispose() => _listener.Dispose();

    private void Take(string instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var source = "";
        foreach (var tag in tags)
        {
            source = tag.Key is "source" or "view" ? tag.Value as string ?? "" : source;
        }

        _counts.AddOrUpdate((instrument, source), value, (_, before) => before + value);
    }
}
