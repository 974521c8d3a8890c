using Mev.Sdk.DashboardHost.Training;
using Mev.Sdk.Ingest;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;

namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>Asks every room how it is, for the page and the API. Costs no I/O.</summary>
internal sealed class PipelineProbe(
    HostSettings settings,
    EngineAddress address,
    IngestMonitor monitor,
    RecordJournal journal,
    IHistoryReader history,
    Projector projector,
    ModelStatus model,
    TimeProvider time)
{
    private const string DiskFull = "The disk of the journal is full: records wait for space, and engines wait for them.";

    private readonly DateTimeOffset _start = time.GetUtcNow();

    public PipelineFacts Read()
    {
        var statistics = journal.Statistics;
        return new PipelineFacts(
            settings.Mode,
            settings.ReplayPath is { } path ? Path.GetFileName(path) : address.Endpoint,
            Source(),
            new JournalFacts(journal.DurableLsn, statistics.RawBytes, statistics.StoredBytes, statistics.Segments, journal.Fault?.Message ?? (journal.State == JournalState.DiskFull ? DiskFull : "")),
            new DatabaseFacts(history.TransactionCount, history.OpportunityCount, history.ObservedOpportunityCount, projector.Lag, projector.LastError?.Message ?? ""),
            model.Read());
    }

    private SourceFacts Source()
    {
        var snapshot = monitor.GetSnapshot();
        if (snapshot.Sources is [])
        {
            return new SourceFacts(SourceState.Connecting, _start, "", settings.Mode == DataMode.Simulated, 0, 0, 0, 0, null);
        }

        // With several engines the page lives while one of them does; the Ingest page has each.
        var first = snapshot.Sources.OrderBy(static source => Rank(source.State)).ThenByDescending(static source => source.LastHeardAt).First();
        return new SourceFacts(
            snapshot.Failure is not null ? SourceState.Disconnected : StateOf(first.State),
            first.Since,
            snapshot.Failure ?? first.Reason,
            snapshot.Sources.Any(static source => (source.Flags & StreamFlags.Simulated) != 0),
            snapshot.Sources.Sum(static source => source.Frames),
            snapshot.Sources.Sum(static source => source.Duplicates),
            snapshot.Sources.Sum(static source => source.MalformedFrames),
            snapshot.Sources.Sum(static source => source.Gaps),
            snapshot.Sources.Max(static source => source.LastHeardAt));
    }

    private static int Rank(Sdk.Ingest.SourceState state) => state switch
    {
        Sdk.Ingest.SourceState.Connected => 0,
        Sdk.Ingest.SourceState.Ended => 1,
        Sdk.Ingest.SourceState.Disconnected => 2,
        _ => 3,
    };

    private static SourceState StateOf(Sdk.Ingest.SourceState state) => state switch
    {
        Sdk.Ingest.SourceState.Connected => SourceState.Connected,
        Sdk.Ingest.SourceState.Disconnected => SourceState.Disconnected,
        Sdk.Ingest.SourceState.Ended => SourceState.Ended,
        _ => SourceState.Connecting,
    };
}
