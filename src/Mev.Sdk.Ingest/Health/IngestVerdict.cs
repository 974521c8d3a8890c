using System.Globalization;
using Mev.Sdk.Ingest.Views;
using Mev.Sdk.Records;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mev.Sdk.Ingest.Health;

/// <summary>Judges a snapshot stage by stage. Pure.</summary>
internal sealed class IngestVerdict
{
    private readonly IngestHealthOptions _options;
    private readonly DateTimeOffset _now;
    private readonly List<string> _words = [];
    private readonly List<string> _mentions = [];
    private readonly Dictionary<string, object> _data = new(StringComparer.Ordinal);
    private HealthStatus _status = HealthStatus.Healthy;

    private IngestVerdict(IngestHealthOptions options, DateTimeOffset now) => (_options, _now) = (options, now);

    /// <param name="snapshot">What the intake does.</param>
    /// <param name="gaps">The ledger, if there is one.</param>
    /// <param name="rejectedBefore">Own records rejected at the last look.</param>
    /// <param name="options">The thresholds.</param>
    /// <param name="now">The host's clock.</param>
    public static HealthCheckResult Judge(IngestSnapshot snapshot, ICoverage? gaps, long rejectedBefore, IngestHealthOptions options, DateTimeOffset now)
    {
        var verdict = new IngestVerdict(options, now);
        verdict.Sequencer(snapshot, rejectedBefore);
        verdict.Sources(snapshot.Sources);
        foreach (var sink in snapshot.Sinks)
        {
            verdict.Sink(sink);
        }

        foreach (var view in snapshot.Views)
        {
            verdict.View(view);
        }

        verdict.Gaps(gaps);
        var words = verdict._words.Count == 0 ? ["every stage keeps up."] : verdict._words;
        return new HealthCheckResult(verdict._status, string.Join(' ', words.Concat(verdict._mentions)), data: verdict._data);
    }

    private void Sequencer(IngestSnapshot snapshot, long rejectedBefore)
    {
        _data["sequencer.lsn"] = snapshot.LastLsn.ToString();
        _data["sequencer.records"] = snapshot.Records;
        _data["lane.waiting"] = snapshot.OwnRecordsWaiting;
        _data["lane.rejected"] = snapshot.OwnRecordsRejected;
        if (snapshot.Failure is { } failure)
        {
            Worsen(HealthStatus.Unhealthy, $"The sequencer stopped: {failure}");
        }

        if (snapshot.OwnRecordsRejected > rejectedBefore)
        {
            Worsen(
                HealthStatus.Degraded,
                $"The lane of own records was full: {snapshot.OwnRecordsRejected - rejectedBefore} were rejected since the last check; raise Mev:Ingest:Sequencer:LaneBytes.");
        }
    }

    // One of several engines that is down leaves the others' records flowing.
    private void Sources(IReadOnlyList<SourceSnapshot> sources)
    {
        var down = sources.Count(IsDown);
        foreach (var source in sources)
        {
            _data[$"source.{source.Name}.state"] = source.State.ToString();
            _data[$"source.{source.Name}.records"] = source.Frames;
            if (source.State is SourceState.Disconnected or SourceState.Connecting)
            {
                var reason = source.Reason.Length == 0 ? "" : $" ({source.Reason.TrimEnd('.')})";
                Worsen(
                    IsDown(source) && down == sources.Count ? HealthStatus.Unhealthy : HealthStatus.Degraded,
                    $"Source {source.Name} is not connected since {Ago(source.Since)}{reason}.");
            }
            else if (source.State == SourceState.Connected && _now - (source.LastHeardAt ?? source.Since) > _options.SourceSilentAfter)
            {
                Worsen(HealthStatus.Degraded, $"Source {source.Name} is connected and silent since {Ago(source.LastHeardAt ?? source.Since)}.");
            }
        }
    }

    private bool IsDown(SourceSnapshot source) =>
        source.State is SourceState.Disconnected or SourceState.Connecting && _now - source.Since > _options.SourceDownAfter;

    private void Sink(SinkSnapshot sink)
    {
        _data[$"sink.{sink.Name}.share"] = Math.Round(sink.Share, 3);
        _data[$"sink.{sink.Name}.waitingSeconds"] = Math.Round(sink.Waiting.TotalSeconds, 3);
        if (sink.Waiting > _options.SinkSlowAfter)
        {
            Worsen(
                sink.Waiting > _options.SinkStuckAfter ? HealthStatus.Unhealthy : HealthStatus.Degraded,
                FormattableString.Invariant($"The sink {sink.Name} has been busy with one batch for {sink.Waiting.TotalSeconds:0.0} s; everything waits for it."));
        }
        else if (sink.Share > _options.SinkBusyShare)
        {
            Worsen(
                HealthStatus.Degraded,
                FormattableString.Invariant($"The sink {sink.Name} is the slowest stage: it took {sink.Share * 100:0} % of the last 10 s."));
        }
    }

    // A view may drop, that is what it is for; one that is stuck shows nothing any more.
    private void View(ViewSnapshot view)
    {
        _data[$"view.{view.Name}.delivered"] = view.DeliveredRecords;
        _data[$"view.{view.Name}.dropped"] = view.DroppedRecords;
        if (view.Busy > _options.SinkStuckAfter)
        {
            Worsen(
                HealthStatus.Degraded,
                FormattableString.Invariant($"The view {view.Name} has been busy with one batch for {view.Busy.TotalSeconds:0.0} s and misses the records that come; nothing else waits for it."));
        }
    }

    private void Gaps(ICoverage? coverage)
    {
        if (coverage is null)
        {
            return;
        }

        _data["gaps.total"] = coverage.GapCount;
        if (coverage.GapCount == 0)
        {
            return;
        }

        var totals = coverage.GetTotals();
        _data["gaps.open"] = totals.OpenGaps;
        _data["gaps.open.records"] = totals.OpenRecords;
        _data["gaps.final"] = totals.FinalGaps;
        _data["gaps.final.records"] = totals.FinalRecords;
        _data["gaps.unknownEnds"] = totals.UnknownEnds;
        Open(coverage, totals);
        Lost(totals);
    }

    private void Open(ICoverage coverage, CoverageTotals totals)
    {
        if (totals.OpenGaps == 0)
        {
            return;
        }

        // Gaps are looked at one by one only while some are open.
        var oldest = coverage.GetGaps().Where(static gap => gap.State == GapState.Open).MinBy(static gap => gap.DetectedAt);
        if (oldest is not null && _now - oldest.DetectedAt > _options.OpenGapAfter)
        {
            Worsen(
                HealthStatus.Degraded,
                $"{(totals.OpenGaps == 1 ? "A gap is" : $"{totals.OpenGaps} gaps are")} open, the oldest (source {oldest.SourceName}) since {Ago(oldest.DetectedAt)}.");
        }
    }

    // Nothing that can be done brings them back, so they cannot be a fault for ever; but nobody should have to look for them.
    private void Lost(CoverageTotals totals)
    {
        if (totals.FinalGaps == 0 && totals.UnknownEnds == 0)
        {
            return;
        }

        var records = string.Create(CultureInfo.InvariantCulture, $"{totals.FinalRecords} {(totals.FinalRecords == 1 ? "record is" : "records are")} lost for good");
        var ends = totals.UnknownEnds == 1 ? "1 session ended nobody knows where" : $"{totals.UnknownEnds} sessions ended nobody knows where";
        var what = totals.UnknownEnds == 0 ? records : totals.FinalGaps == 0 ? ends : $"{records}, and {ends}";
        var isRecent = totals.LastLossAt is { } at && _now - at < _options.LossReportedFor;
        var words = totals.LastLossAt is { } last ? $"{what}, found last {Ago(last)} ago; the gap ledger has them." : $"{what}; the gap ledger has them.";
        if (isRecent)
        {
            Worsen(HealthStatus.Degraded, words);
        }
        else
        {
            _mentions.Add(words);
        }
    }

    private string Ago(DateTimeOffset since) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (_now - since).TotalSeconds):0} s");

    private void Worsen(HealthStatus status, string words)
    {
        // The enumeration counts down from healthy.
        _status = status < _status ? status : _status;
        _words.Add(words);
    }
}
