using Mev.Sdk.Ingest.Views;

namespace Mev.Sdk.Ingest;

/// <summary>The state of the whole intake at one moment.</summary>
/// <param name="Sources">Every source that was started, in the order of their registration.</param>
/// <param name="LastLsn">The last LSN handed out; <see cref="Lsn.None"/> before the first.</param>
/// <param name="Records">Records sequenced since the process started, the host's own included.</param>
/// <param name="OwnRecords">The host's own records among them.</param>
/// <param name="OwnRecordsRejected">The host's own records that found the lane full.</param>
/// <param name="Failure">Why the intake stopped, in words; null while it runs.</param>
public sealed record IngestSnapshot(
    IReadOnlyList<SourceSnapshot> Sources,
    Lsn LastLsn,
    long Records,
    long OwnRecords,
    long OwnRecordsRejected,
    string? Failure)
{
    /// <summary>The sequencer's sinks in the order in which they are called; empty before there is a sequencer. Default empty.</summary>
    public IReadOnlyList<SinkSnapshot> Sinks { get; init; } = [];

    /// <summary>Every view and what it dropped, in the order in which they were made. Default empty.</summary>
    public IReadOnlyList<ViewSnapshot> Views { get; init; } = [];

    /// <summary>The host's own records that wait in the lane. Default 0.</summary>
    public int OwnRecordsWaiting { get; init; }
}
