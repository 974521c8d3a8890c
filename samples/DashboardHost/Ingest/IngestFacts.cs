using Mev.Sdk.Ingest;

namespace Mev.Sdk.DashboardHost.Ingest;

/// <summary>Every stage of the intake at one moment, for the page.</summary>
/// <param name="At">When.</param>
/// <param name="Sources">The engines.</param>
/// <param name="Snapshot">Sequencer and sinks.</param>
/// <param name="Journal">The journal.</param>
/// <param name="Projector">The database that tails it.</param>
/// <param name="Verdict">The health checks' word.</param>
internal sealed record IngestFacts(
    DateTimeOffset At, IReadOnlyList<EngineFacts> Sources, IngestSnapshot Snapshot, JournalStage Journal, ProjectorStage Projector, HealthWord Verdict)
{
    /// <summary>Sinks that may drop, by what their counters say.</summary>
    public IReadOnlyList<ViewFacts> Views { get; init; } = [];
}

/// <param name="Name">The view.</param>
/// <param name="Delivered">Records that it took.</param>
/// <param name="Dropped">Records that it was too slow for, or failed on.</param>
internal sealed record ViewFacts(string Name, long Delivered, long Dropped);

/// <param name="Source">Its counters.</param>
/// <param name="FramesPerSecond">Records a second.</param>
/// <param name="BytesPerSecond">Bytes of them.</param>
/// <param name="Lag">Engine to host, the engine's clock set right where heartbeats allow it.</param>
/// <param name="IsCorrected">Whether the clock was set right.</param>
/// <param name="RoundTrip">Of heartbeats.</param>
internal sealed record EngineFacts(
    SourceSnapshot Source, double FramesPerSecond, double BytesPerSecond, (double P50, double P99)? Lag, bool IsCorrected, (double P50, double P99)? RoundTrip)
{
    /// <summary>What the ledger says is missing of it.</summary>
    public MissingFacts Missing { get; init; }

    /// <summary>What it told of slots; null = nothing.</summary>
    public SlotFacts? Slots { get; init; }

    /// <summary>Slots of the chain that it wrote to the ledger, those filled since included.</summary>
    public long MissingSlots { get; init; }

    /// <summary>Those of them that were filled by RPC.</summary>
    public long FilledSlots { get; init; }

    /// <summary>Transactions, blocks and messages of the chain that could not be read.</summary>
    public long Unreadable { get; init; }

    /// <summary>tcp, tls, unix, ws, wss or file; of the chain itself what the source is called.</summary>
    public string Transport => Source.Endpoint.Split("://", 2) is [var scheme, _] && (!scheme.StartsWith("http", StringComparison.Ordinal) || Source.EngineName.Length == 0)
        ? scheme
        : Source.EngineName.Length > 0 ? Source.EngineName : "files";
}

/// <param name="State">ok, warn or down.</param>
/// <param name="Text">The same in words.</param>
/// <param name="Durable">Every record up to here survives a crash.</param>
/// <param name="BehindRecords">Records handed out and not durable yet.</param>
/// <param name="RawBytes">Bytes of the frames held.</param>
/// <param name="StoredBytes">Bytes on disk.</param>
/// <param name="RecordsPerSecond">Records made durable.</param>
/// <param name="Fsync">Time the device takes to make them durable.</param>
internal sealed record JournalStage(
    string State, string Text, Lsn Durable, long BehindRecords, long RawBytes, long StoredBytes, double RecordsPerSecond, (double P50, double P99)? Fsync);

/// <param name="Name">The database.</param>
/// <param name="BehindRecords">Durable records not stored there yet.</param>
/// <param name="Error">Why it tries again; empty while it works.</param>
internal sealed record ProjectorStage(string Name, long BehindRecords, string Error);

/// <param name="State">ok, warn or down.</param>
/// <param name="Words">Which stage is slow or down.</param>
internal sealed record HealthWord(string State, string Words);
