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

    public required TimeProvider Time { get; init; }

    /// <summary>The key shared with the engine; null talks only to engines that ask for no proof.</summary>
    public SessionKey? Key { get; init; }

    /// <summary>Whether engines connect to this host, instead of the host to an engine: the proofs say so, and none is of use the other way round.</summary>
    public bool IsAccepting { get; init; }

    /// <summary>The configuration key of <see cref="Key"/>, for messages.</summary>
    public string KeySetting { get; init; } = "EngineSourceOptions:Key";

    /// <summary>How often the host says that it is there; zero = never.</summary>
    public TimeSpan HeartbeatInterval { get; init; }

    /// <summary>The last durable sequence of a session, 0 before its first; null where there is no log, so that nothing is acknowledged.</summary>
    public Func<ulong, ulong?>? DurableOf { get; init; }

    /// <summary>How long an engine may leave a replay request without any answer.</summary>
    public TimeSpan ReplayTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a begun frame may stay incomplete while bytes arrive; zero = for ever.</summary>
    public TimeSpan FrameTimeout { get; init; }
}
