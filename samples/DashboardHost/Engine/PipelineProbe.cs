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
    private readonly DateTimeOffset _start = time.GetUtcNow();

    public PipelineFacts Read()
    {
        var statistics = journal.Statistics;
        return new PipelineFacts(
            settings.Mode,
            settings.ReplayPath is { } path ? Path.GetFileName(path) : address.Endpoint,
            Source(),
            new JournalFacts(journal.DurableLsn, statistics.RawBytes, statistics.StoredBytes, statistics.Segments, journal.Fault?.Message ?? ""),
            new DatabaseFacts(history.TransactionCount, history.OpportunityCount, history.ObservedOpportunityCount, projector.Lag, projector.LastError?.Message ?? ""),
            model.Read());
    }

    private SourceFacts Source()
    {
        var snapshot = monitor.GetSnapshot();
        if (snapshot.Sources is not [var source, ..])
        {
            return new SourceFacts(SourceState.Connecting, _start, "", settings.Mode == DataMode.Simulated, 0, 0, 0, 0, null);
        }

        var state = snapshot.Failure is not null ? SourceState.Disconnected : source.State switch
        {
            Ingest.SourceState.Connected => SourceState.Connected,
            Ingest.SourceState.Disconnected => SourceState.Disconnected,
            Ingest.SourceState.Ended => SourceState.Ended,
            _ => SourceState.Connecting,
        };
        return new SourceFacts(
            state,
            source.Since,
            snapshot.Failure ?? source.Reason,
            (source.Flags & StreamFlags.Simulated) != 0,
            source.Frames,
            source.Duplicates,
            source.MalformedFrames,
            source.Gaps,
            source.LastHeardAt);
    }
}
