using Mev.Sdk.Ingest;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mev.Sdk.DashboardHost.Ingest;

/// <summary>Looks at every stage once a second, for all browsers together.</summary>
internal sealed class IngestWatch(
    IngestMonitor monitor, RecordJournal journal, Projector projector, HealthCheckService health, MeterWindows meters, MeterCounts counts, SlotWatch slots, ICoverage coverage,
    TimeProvider time, ILogger<IngestWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, RateMeter> _rates = new(StringComparer.Ordinal);
    private HealthWord _verdict = new("waiting", "not looked yet");
    private volatile IngestFacts? _latest;

    /// <summary>When the host began to watch.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    public IngestFacts Latest => _latest ?? Look();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                _verdict = Word(await health.CheckHealthAsync(stoppingToken));
                _latest = Look();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning(exception, "The stages could not be looked at; the next attempt follows");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static HealthWord Word(HealthReport report) => new(
        report.Status switch { HealthStatus.Healthy => "ok", HealthStatus.Degraded => "warn", _ => "down" },
        string.Join(' ', report.Entries.Values.Where(static e => e.Status != HealthStatus.Healthy).Select(static e => e.Description)) is { Length: > 0 } words
            ? words
            : "Every stage keeps up.");

    private IngestFacts Look()
    {
        lock (_rates)
        {
            var now = time.GetUtcNow();
            var snapshot = monitor.GetSnapshot();
            var missing = MissingFacts.Of(coverage.GapCount == 0 ? [] : coverage.GetGaps());
            return new IngestFacts(now, [.. snapshot.Sources.Select(source => Engine(source, missing, now))], snapshot, Journal(now), Projector(), _verdict)
            {
                Views = [.. counts.NamesOf(MeterCounts.ViewDelivered).Select(name => new ViewFacts(name, counts.Read(MeterCounts.ViewDelivered, name), counts.Read(MeterCounts.ViewDropped, name)))],
            };
        }
    }

    private EngineFacts Engine(SourceSnapshot source, Dictionary<string, MissingFacts> missing, DateTimeOffset now)
    {
        var corrected = meters.Read(MeterWindows.CorrectedLag, source.Name);
        return new EngineFacts(
            source,
            Rate($"frames {source.Name}", now, source.Frames),
            Rate($"bytes {source.Name}", now, source.Bytes),
            corrected ?? meters.Read(MeterWindows.Lag, source.Name),
            corrected is not null,
            meters.Read(MeterWindows.RoundTrip, source.Name))
        {
            Missing = missing.GetValueOrDefault(source.Name),
            Slots = slots.Read(SourceIds.FromName(source.Name)),
            MissingSlots = counts.Read(MeterCounts.MissingSlots, source.Name),
            FilledSlots = counts.Read(MeterCounts.FilledSlots, source.Name),
            Unreadable = counts.Read(MeterCounts.Unreadable, source.Name),
        };
    }

    private JournalStage Journal(DateTimeOffset now)
    {
        var (statistics, durable) = (journal.Statistics, journal.DurableLsn);
        var last = monitor.GetSnapshot().LastLsn;
        var behind = last > durable && durable != Lsn.None ? (long)(last.Value - durable.Value) : 0;
        var (state, text) = journal.State switch
        {
            JournalState.Faulted => ("down", journal.Fault?.Message ?? "it takes no more records"),
            JournalState.DiskFull => ("down", "the disk is full; the engines wait until there is room"),
            JournalState.Closed => ("down", "closed"),
            _ => durable == Lsn.None ? ("waiting", "empty") : ("ok", "takes and syncs records"),
        };
        return new JournalStage(
            state, text, durable, behind, statistics.RawBytes, statistics.StoredBytes, Rate("journal", now, statistics.Records),
            meters.Read(MeterWindows.Fsync) ?? meters.Read(MeterWindows.Commit));
    }

    private ProjectorStage Projector() => new(projector.Target, projector.Lag, projector.LastError?.Message ?? "");

    private double Rate(string name, DateTimeOffset now, long value)
    {
        if (!_rates.TryGetValue(name, out var meter))
        {
            _rates[name] = meter = new RateMeter();
        }

        return meter.Add(now, value);
    }
}
