using System.Diagnostics.Metrics;
using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Views;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Diagnostics;

/// <summary>The package's instruments; the tag "source" holds a configured name, so its values are few.</summary>
internal static class IngestMetrics
{
    public const string MeterName = "Mev.Sdk.Ingest";

    private static readonly Meter Meter = new(MeterName, typeof(IngestMetrics).Assembly.GetName().Version?.ToString());

    public static readonly Counter<long> Frames =
        Meter.CreateCounter<long>("mev.ingest.frames", "{frame}", "Records delivered to the sequencer.");

    public static readonly Counter<long> Bytes = Meter.CreateCounter<long>("mev.ingest.bytes", "By", "Bytes of the records delivered.");

    public static readonly Counter<long> Gaps = Meter.CreateCounter<long>("mev.ingest.gaps", "{gap}", "Ranges of records that were not seen; the tags \"cause\" and \"state\" say why and whether they may yet come.");

    public static readonly Counter<long> GapsResolved =
        Meter.CreateCounter<long>("mev.ingest.gaps.resolved", "{gap}", "Open gaps that ended; the tag \"state\" says whether their records came (healed) or never will (final).");

    public static readonly UpDownCounter<long> GapsOpen =
        Meter.CreateUpDownCounter<long>("mev.ingest.gaps.open", "{gap}", "Gaps whose records may yet come.");

    // Asked for, not counted along: what is open becomes final or comes, and a restart finds its losses again.
    public static readonly ObservableGauge<long> MissingRecords = Meter.CreateObservableGauge(
        "mev.ingest.gaps.records",
        static () => Tracked<GapLedger>.SelectMany(static ledger => ledger.MeasureRecords()),
        "{record}",
        "Records that are missing now, as far as they can be counted; the tag \"state\" says whether they may yet come (open) or never will (final).");

    public static readonly ObservableGauge<long> UnknownEnds = Meter.CreateObservableGauge(
        "mev.ingest.gaps.unknown_ends",
        static () => Tracked<GapLedger>.Sum(static ledger => ledger.GetTotals().UnknownEnds),
        "{session}",
        "Sessions that ended without a goodbye and were replaced: what they published last is not known, and in no other instrument.");

    public static readonly Counter<long> Replayed =
        Meter.CreateCounter<long>("mev.ingest.replayed", "{frame}", "Records that were asked for again and came.");

    public static readonly Counter<long> Duplicates =
        Meter.CreateCounter<long>("mev.ingest.duplicates", "{frame}", "Records dropped because they had been delivered before.");

    public static readonly Counter<long> Reconnects =
        Meter.CreateCounter<long>("mev.ingest.reconnects", "{connection}", "Connections made after a source's first.");

    public static readonly Counter<long> Refused =
        Meter.CreateCounter<long>("mev.ingest.accept.refused", "{connection}", "Connections of would-be engines that were not let in.");

    public static readonly Counter<long> ChecksumFailures =
        Meter.CreateCounter<long>("mev.ingest.checksum_failures", "{frame}", "Frames whose CRC-32C did not match; each ends its session.");

    public static readonly Counter<long> MalformedFrames =
        Meter.CreateCounter<long>("mev.ingest.malformed_frames", "{frame}", "Malformed frames of any kind; each ends its session.");

    public static readonly Counter<long> Straddles =
        Meter.CreateCounter<long>("mev.ingest.straddles", "{frame}", "Frames copied because they lay across two buffers.");

    public static readonly Histogram<double> Lag = Meter.CreateHistogram(
        "mev.ingest.lag",
        "s",
        "Host's clock minus the engine's time of a batch's last record.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        });

    public static readonly Histogram<double> LagCorrected = Meter.CreateHistogram(
        "mev.ingest.lag.corrected",
        "s",
        "The same with the engine's clock set right by the estimated offset: the one-way lag.",
        advice: Lag.Advice);

    public static readonly Histogram<double> RoundTrip = Meter.CreateHistogram(
        "mev.ingest.round_trip",
        "s",
        "Round trip of a heartbeat to the engine and back, without the engine's own time.",
        advice: Lag.Advice);

    public static readonly Counter<long> Sequenced =
        Meter.CreateCounter<long>("mev.ingest.sequenced", "{record}", "Records given an LSN, the host's own included.");

    // Its own instrument: a rejected record is lost, and whoever watches losses should not have to compute a difference.
    public static readonly Counter<long> LaneRejected =
        Meter.CreateCounter<long>("mev.ingest.lane.rejected", "{record}", "The host's own records that found the lane full.");

    public static readonly Histogram<double> SinkDuration = Meter.CreateHistogram(
        "mev.ingest.sink.duration",
        "s",
        "Time the sequencer waited for a sink to take a batch; the tag \"sink\" says which.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30],
        });

    public static readonly Counter<long> ViewDelivered =
        Meter.CreateCounter<long>("mev.ingest.view.delivered", "{record}", "Records that a view's consumer took; the tag \"view\" says whose.");

    // Their own instruments: a view is allowed to drop because it counts what it drops.
    public static readonly Counter<long> ViewDropped =
        Meter.CreateCounter<long>("mev.ingest.view.dropped", "{record}", "Records that a view's consumer did not get; the tag \"reason\" says why: full, failed, stopped.");

    public static readonly Counter<long> ViewDroppedBatches =
        Meter.CreateCounter<long>("mev.ingest.view.dropped.batches", "{batch}", "Batches that a view's consumer did not get, tagged as the records are.");

    public static readonly ObservableGauge<long> ViewHeldBytes = Meter.CreateObservableGauge(
        "mev.ingest.view.held", static () => Tracked<ViewSink>.Sum(static view => view.HeldBytes), "By", "Bytes that views hold for their consumers.");

    public static readonly ObservableGauge<long> LaneRecords = Meter.CreateObservableGauge(
        "mev.ingest.lane.records", static () => Tracked<SystemLane>.Sum(static lane => lane.Count), "{record}", "The host's own records that wait for their turn.");

    public static readonly ObservableGauge<long> ScoreQueueBytes = Meter.CreateObservableGauge(
        "mev.ingest.control.scores.queued", static () => Tracked<ControlLink>.Sum(static link => link.QueuedBytes), "By", "Bytes of scores that wait for an engine's connection.");

    public static readonly Counter<long> ScoresSent =
        Meter.CreateCounter<long>("mev.ingest.control.scores.sent", "{score}", "Scores handed to an engine's connection.");

    public static readonly Counter<long> ScoresDropped =
        Meter.CreateCounter<long>("mev.ingest.control.scores.dropped", "{score}", "Scores that were not sent; the tag \"reason\" says why.");

    public static readonly Counter<long> UpdatesSent =
        Meter.CreateCounter<long>("mev.ingest.control.updates.sent", "{update}", "Parameter updates handed to a connection, repetitions included.");

    public static readonly Counter<long> ParameterResults =
        Meter.CreateCounter<long>("mev.ingest.control.results", "{update}", "Parameter updates that ended; the tag \"state\" says how.");

    /// <summary>Stable values of the tag "cause".</summary>
    public static string Tag(GapCause cause) => cause switch
    {
        GapCause.Skipped => "skipped",
        GapCause.NotRetained => "not_retained",
        GapCause.Dropped => "dropped",
        GapCause.Unanswered => "unanswered",
        GapCause.NeverMet => "never_met",
        GapCause.EndUnknown => "end_unknown",
        _ => "unspecified",
    };

    /// <summary>Stable values of the tag "state" of a gap.</summary>
    public static string Tag(GapState state) => state switch
    {
        GapState.Open => "open",
        GapState.Healed => "healed",
        _ => "final",
    };

    /// <summary>Stable values of the tag "state" of a parameter update.</summary>
    public static string Tag(ParameterState state) => state switch
    {
        ParameterState.Applied => "applied",
        ParameterState.Rejected => "rejected",
        ParameterState.Superseded => "superseded",
        ParameterState.Expired => "expired",
        _ => "other",
    };
}
