using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest;

/// <summary>What a person wants to know about one source, at one moment. Counters run since the process started.</summary>
public sealed record SourceSnapshot
{
    /// <summary>The configured name.</summary>
    public required string Name { get; init; }

    /// <summary>Where the records come from, as configured.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Where the source stands.</summary>
    public required SourceState State { get; init; }

    /// <summary>Since when it stands there, by the host's clock.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why, in words; empty while all is well.</summary>
    public required string Reason { get; init; }

    /// <summary>The name the engine gave in its hello; empty before that.</summary>
    public required string EngineName { get; init; }

    /// <summary>The engine's session; 0 before its hello.</summary>
    public required ulong SessionId { get; init; }

    /// <summary>What the stream carries, by the engine's hello.</summary>
    public required StreamFlags Flags { get; init; }

    /// <summary>Records delivered.</summary>
    public required long Frames { get; init; }

    /// <summary>Bytes of the records delivered.</summary>
    public required long Bytes { get; init; }

    /// <summary>Sequence of the last record delivered in this session; 0 before the first.</summary>
    public required ulong LastSequence { get; init; }

    /// <summary>Last sequence acknowledged to the engine as durable in this session; 0 before the first.</summary>
    public required ulong AcknowledgedSequence { get; init; }

    /// <summary>Host's clock minus the engine's time of the last record, milliseconds; null before a record carried a time.</summary>
    public required double? LagMilliseconds { get; init; }

    /// <summary>The same with the engine's clock set right by <see cref="ClockOffsetMilliseconds"/>: the one-way lag, milliseconds; null before that is known.</summary>
    public double? LagCorrectedMilliseconds { get; init; }

    /// <summary>Shortest round trip of a heartbeat among the last 16, milliseconds; null before the engine answered one.</summary>
    public double? RoundTripMilliseconds { get; init; }

    /// <summary>
    /// The engine's clock minus the host's, milliseconds, true to half of <see cref="RoundTripMilliseconds"/>; null before the engine answered a
    /// heartbeat.
    /// </summary>
    public double? ClockOffsetMilliseconds { get; init; }

    /// <summary>
    /// When the last whole frame was read, heartbeats included, by the host's clock; null before the first. A quiet engine keeps it fresh, a
    /// dead one does not.
    /// </summary>
    public required DateTimeOffset? LastHeardAt { get; init; }

    /// <summary>Gaps noticed.</summary>
    public required long Gaps { get; init; }

    /// <summary>Records that were asked for again and came.</summary>
    public long Replayed { get; init; }

    /// <summary>Records that had been delivered before and were dropped.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Sessions ended by a frame whose checksum did not match.</summary>
    public required long ChecksumFailures { get; init; }

    /// <summary>Sessions ended by any malformed frame, wrong checksums included.</summary>
    public required long MalformedFrames { get; init; }

    /// <summary>Connections made after the first.</summary>
    public required long Reconnects { get; init; }

    /// <summary>Frames that lay across two buffers and were copied.</summary>
    public required long Straddles { get; init; }
}
