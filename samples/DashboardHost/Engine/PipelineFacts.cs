namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>Every room's state at one moment, gathered for the page.</summary>
internal sealed record PipelineFacts(DataMode Mode, string ModeDetail, SourceFacts Source, JournalFacts Journal, DatabaseFacts Database, ModelFacts Model);

/// <summary>Where the records come from.</summary>
internal enum DataMode
{
    /// <summary>This host's own simulated market.</summary>
    Simulated,

    /// <summary>A block file, replayed once.</summary>
    Replay,

    /// <summary>An engine elsewhere.</summary>
    Engine,
}

/// <summary>The stream's state.</summary>
internal enum SourceState
{
    Connecting,
    Connected,
    Disconnected,
    Ended,
}

/// <param name="State">How the stream is.</param>
/// <param name="Since">Since when.</param>
/// <param name="Reason">Why, when it is not connected; else empty.</param>
/// <param name="Simulated">The engine says that its records are simulated.</param>
/// <param name="Frames">Records received.</param>
/// <param name="Duplicates">Records dropped because they were there already.</param>
/// <param name="ChecksumFailures">Frames refused.</param>
/// <param name="Gaps">Ranges not seen.</param>
/// <param name="LastHeardAt">Last record or heartbeat; null = never.</param>
internal sealed record SourceFacts(
    SourceState State, DateTimeOffset Since, string Reason, bool Simulated, long Frames, long Duplicates, long ChecksumFailures, long Gaps, DateTimeOffset? LastHeardAt);

/// <param name="DurableLsn">Every record up to here survives a crash.</param>
/// <param name="RawBytes">Bytes of the frames held.</param>
/// <param name="StoredBytes">Bytes on disk.</param>
/// <param name="Segments">Files.</param>
/// <param name="Fault">Why it stopped taking records; empty while it works.</param>
internal sealed record JournalFacts(Lsn DurableLsn, long RawBytes, long StoredBytes, int Segments, string Fault);

/// <param name="Transactions">Distinct signatures stored.</param>
/// <param name="Opportunities">Opportunities stored.</param>
/// <param name="ObservedOpportunities">Those among them that an inspector saw on chain; the others an engine reported.</param>
/// <param name="BehindRecords">Durable records not yet projected.</param>
/// <param name="Fault">Why rows are not written; empty while it works.</param>
internal sealed record DatabaseFacts(long Transactions, long Opportunities, long ObservedOpportunities, long BehindRecords, string Fault)
{
    /// <summary>
    /// Opportunities for each transaction; null before the first one. An engine's opportunity that was taken is seen on chain again, so the two kinds
    /// are never added: the engine's count where it reports any, what was seen on chain otherwise.
    /// </summary>
    public double? DetectionRate =>
        Transactions == 0 ? null : (double)(Opportunities > ObservedOpportunities ? Opportunities - ObservedOpportunities : ObservedOpportunities) / Transactions;
}
