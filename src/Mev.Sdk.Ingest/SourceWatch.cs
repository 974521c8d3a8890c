using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest;

/// <summary>What a source that is no engine's stream tells about itself; it then shows in snapshots and in the meter like any other.</summary>
/// <remarks>Thread-safe. Made by <see cref="IngestMonitor.AddSource"/>.</remarks>
public sealed class SourceWatch
{
    private readonly SourceMonitor _monitor;

    internal SourceWatch(SourceMonitor monitor) => _monitor = monitor;

    /// <summary>Says where the source stands.</summary>
    /// <param name="state">Where.</param>
    /// <param name="reason">Why, in words without secrets; empty while all is well.</param>
    public void SetState(SourceState state, string reason) => _monitor.SetState(state, reason);

    /// <summary>Says which session's records come, and from what.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="engineName">What sends them, in words.</param>
    /// <param name="flags">What the stream carries.</param>
    public void OnSession(ulong sessionId, string engineName, StreamFlags flags = StreamFlags.None) =>
        _monitor.OnHello(new HelloMessage { SessionId = sessionId, Flags = flags }, engineName);

    /// <summary>Counts records that the intake took.</summary>
    /// <param name="records">How many.</param>
    /// <param name="bytes">Their frames' bytes.</param>
    /// <param name="lastSequence">Sequence of the last one.</param>
    /// <param name="engineTimeNanoseconds">When it was sent, nanoseconds since the Unix epoch; 0 = unknown.</param>
    public void OnRecords(int records, long bytes, ulong lastSequence, ulong engineTimeNanoseconds) =>
        _monitor.OnBatch(records, bytes, lastSequence, engineTimeNanoseconds);

    /// <summary>Something was heard of the peer.</summary>
    public void OnHeard() => _monitor.OnHeard();

    /// <summary>Counts a gap when it is noticed.</summary>
    /// <param name="state">Whether it may yet be filled.</param>
    /// <param name="cause">Why it came about.</param>
    public void OnGap(GapState state, GapCause cause) => _monitor.OnGap(state, cause);

    /// <summary>Counts records that were dropped because they had been delivered before.</summary>
    /// <param name="records">How many.</param>
    public void OnDuplicates(long records) => _monitor.OnDuplicates(records);

    /// <summary>Counts a connection after the first.</summary>
    public void OnReconnect() => _monitor.OnReconnect();
}
