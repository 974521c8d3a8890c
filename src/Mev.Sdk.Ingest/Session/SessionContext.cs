using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Internal;

namespace Mev.Sdk.Ingest.Session;

/// <summary>What a source's sessions share: it outlives every connection.</summary>
internal sealed class SessionContext
{
    public required string Name { get; init; }

    public required uint SourceId { get; init; }

    public required int MaxFrameBytes { get; init; }

    public required bool? ExpectSimulated { get; init; }

    public required IRecordIntake Intake { get; init; }

    public required SourceProgress Progress { get; init; }

    public required GapLedger Gaps { get; init; }

    public required SourceMonitor Monitor { get; init; }

    /// <summary>Where answers to what the host sent go; null where nobody sends.</summary>
    public ControlLink? Control { get; init; }
}
