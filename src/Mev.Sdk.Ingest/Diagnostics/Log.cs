using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Diagnostics;

/// <summary>Everything the package logs. A healthy system logs only connections.</summary>
internal static partial class Log
{
    [LoggerMessage(EventIds.SourceSubscribed, LogLevel.Information,
        "Source {Source}: subscribed to engine '{Engine}' at {Endpoint}, session {Session:x16}, from sequence {Sequence}.")]
    public static partial void SourceSubscribed(ILogger logger, string source, string engine, string endpoint, ulong session, ulong sequence);

    [LoggerMessage(EventIds.SourceDisconnected, LogLevel.Warning, "Source {Source}: disconnected from {Endpoint}: {Reason} Trying again in {Delay}.")]
    public static partial void SourceDisconnected(ILogger logger, string source, string endpoint, string reason, string delay);

    [LoggerMessage(EventIds.SourceLeft, LogLevel.Warning, "Source {Source}: {Endpoint} disconnected: {Reason} Waiting for the engine to connect again.")]
    public static partial void SourceLeft(ILogger logger, string source, string endpoint, string reason);

    [LoggerMessage(EventIds.CaptureFailed, LogLevel.Error, "Source {Source}: the capture {Path} cannot be written; this connection goes on without.")]
    public static partial void CaptureFailed(ILogger logger, Exception exception, string source, string path);

    // Warning at first, debug when the same comes again.
    [LoggerMessage(EventId = EventIds.EngineRefused, Message = "The connection of {Peer} was refused: {Reason}")]
    public static partial void EngineRefused(ILogger logger, LogLevel level, string peer, string reason);

    [LoggerMessage(EventIds.SourceReplaced, LogLevel.Information, "Source {Source}: the engine connected again; its older connection is closed.")]
    public static partial void SourceReplaced(ILogger logger, string source);

    // Error at first, debug when the same comes again.
    [LoggerMessage(EventId = EventIds.SourceMalformed,
        Message = "Source {Source}: malformed frame from {Endpoint} ends the session: {Message} The next session resumes at sequence {Sequence}.")]
    public static partial void SourceMalformed(ILogger logger, LogLevel level, string source, string endpoint, string message, ulong sequence);

    [LoggerMessage(EventId = EventIds.SourceRefused, Message = "Source {Source}: refused the stream of {Endpoint}: {Reason}")]
    public static partial void SourceRefused(ILogger logger, LogLevel level, string source, string endpoint, string reason);

    [LoggerMessage(EventIds.SourceEnded, LogLevel.Information, "Source {Source}: the stream of {Endpoint} ended at sequence {Sequence}: {Reason}")]
    public static partial void SourceEnded(ILogger logger, string source, string endpoint, ulong sequence, string reason);

    [LoggerMessage(EventIds.GapDetected, LogLevel.Warning, "Source {Source}: records {First} to {Last} of session {Session:x16} were not seen: {Reason}")]
    public static partial void GapDetected(ILogger logger, string source, ulong session, ulong first, ulong last, string reason);

    [LoggerMessage(EventIds.GapNotJournaled, LogLevel.Error,
        "{Count} gap records wait for room in the system lane; raise Mev:Ingest:Sequencer:LaneBytes if this lasts.")]
    public static partial void GapNotJournaled(ILogger logger, int count);

    [LoggerMessage(EventIds.EndUnknown, LogLevel.Warning, "Source {Source}: what session {Session:x16} published from record {First} on is not known: {Reason}")]
    public static partial void EndUnknown(ILogger logger, string source, ulong session, ulong first, string reason);

    [LoggerMessage(EventIds.LogNotReadable, LogLevel.Error,
        "Source {Source}: the journal cannot be read, so nobody knows where to resume: {Reason} Nothing is taken from the engine until it can; trying again in {Delay}.")]
    public static partial void LogNotReadable(ILogger logger, Exception exception, string source, string reason, TimeSpan delay);

    [LoggerMessage(EventIds.GapHealed, LogLevel.Information, "Source {Source}: records {First} to {Last} of session {Session:x16} came after all.")]
    public static partial void GapHealed(ILogger logger, string source, ulong session, ulong first, ulong last);

    [LoggerMessage(EventIds.GapFinal, LogLevel.Warning, "Source {Source}: records {First} to {Last} of session {Session:x16} are lost: {Reason}")]
    public static partial void GapFinal(ILogger logger, string source, ulong session, ulong first, ulong last, string reason);

    [LoggerMessage(EventIds.GapsNotReported, LogLevel.Warning, "{Count} changes of gaps were not logged one by one; the ledger and the journal have all.")]
    public static partial void GapsNotReported(ILogger logger, long count);

    [LoggerMessage(EventIds.GapsRestored, LogLevel.Information, "The gap ledger knows {Gaps} gaps from {Records} journaled records; {Open} are open.")]
    public static partial void GapsRestored(ILogger logger, long gaps, int records, long open);

    [LoggerMessage(EventIds.GapsNotRestored, LogLevel.Error,
        "The journal is damaged, so the reasons of earlier gaps cannot all be read; holes are still found by the ranges it holds.")]
    public static partial void GapsNotRestored(ILogger logger, Exception exception);

    [LoggerMessage(EventIds.GapRecordsDropped, LogLevel.Error,
        "{Count} gap records found no room and were dropped; the ledger has the gaps, and the next start finds them by the journal's ranges.")]
    public static partial void GapRecordsDropped(ILogger logger, long count);

    [LoggerMessage(EventIds.BatchLeaked, LogLevel.Error, "{Leak}")]
    public static partial void BatchLeaked(ILogger logger, BatchLeak leak);

    [LoggerMessage(EventIds.SourceFailed, LogLevel.Critical, "Source {Source} stopped and will not be started again.")]
    public static partial void SourceFailed(ILogger logger, Exception exception, string source);

    [LoggerMessage(EventIds.ConnectFailed, LogLevel.Warning, "Source {Source}: cannot connect to {Endpoint}: {Reason} Trying again, at first in {Delay}.")]
    public static partial void ConnectFailed(ILogger logger, string source, string endpoint, string reason, string delay);

    [LoggerMessage(EventIds.SinkFailed, LogLevel.Critical,
        "Sink {Sink} failed on the batch that starts at LSN {Lsn}. Nothing is skipped: the intake stops and takes no more records.")]
    public static partial void SinkFailed(ILogger logger, Exception exception, string sink, Lsn lsn);

    [LoggerMessage(EventIds.BatchRefused, LogLevel.Error,
        "Sink {Sink} refuses a batch of source {SourceId} at sequence {Sequence}: {Reason} Its source ends; the intake goes on for the others.")]
    public static partial void BatchRefused(ILogger logger, string sink, uint sourceId, ulong sequence, string reason);

    [LoggerMessage(EventIds.SinkGivenUp, LogLevel.Warning,
        "Sink {Sink} was still busy with the batch at LSN {Lsn} {Grace} after the intake was stopped; it was cancelled.")]
    public static partial void SinkGivenUp(ILogger logger, string sink, Lsn lsn, string grace);

    [LoggerMessage(EventIds.ViewDrops, LogLevel.Warning,
        "View {View} does not keep up: {Records} records were left out of it, the last of them at LSN {Lsn}. Nothing else is slowed or lost; make its consumer faster, or raise Mev:Ingest:Views:{View}:MaxBytes and MaxBatches.")]
    public static partial void ViewDrops(ILogger logger, string view, long records, Lsn lsn);

    [LoggerMessage(EventIds.ViewFailed, LogLevel.Error,
        "View {View} failed on the batch that starts at LSN {Lsn} and goes on with the next one; the intake is not affected.")]
    public static partial void ViewFailed(ILogger logger, Exception exception, string view, Lsn lsn);

    [LoggerMessage(EventIds.PublisherListening, LogLevel.Information, "Engine '{Engine}' serves {Endpoint}, session {Session:x16}.")]
    public static partial void PublisherListening(ILogger logger, string engine, string endpoint, ulong session);

    [LoggerMessage(EventIds.PublisherOpenToAll, LogLevel.Warning,
        "Engine '{Engine}' can be reached from other machines at {Endpoint} and asks for no key: {What}. Set Keys, or use TLS with client certificates.")]
    public static partial void PublisherOpenToAll(ILogger logger, string engine, string endpoint, string what);

    [LoggerMessage(EventIds.SubscriberJoined, LogLevel.Information, "Subscriber {Peer} joined at sequence {Sequence}.")]
    public static partial void SubscriberJoined(ILogger logger, string peer, ulong sequence);

    [LoggerMessage(EventIds.SubscriberLeft, LogLevel.Information, "Subscriber {Peer} left: {Reason}")]
    public static partial void SubscriberLeft(ILogger logger, string peer, string reason);

    [LoggerMessage(EventIds.SubscriberLostData, LogLevel.Warning, "Subscriber {Peer} was too slow: records {First} to {Last} were evicted before they were sent.")]
    public static partial void SubscriberLostData(ILogger logger, string peer, ulong first, ulong last);

    [LoggerMessage(
        EventIds.RecordsLost, LogLevel.Warning, "Records {First} to {Last} were evicted before any host is known to have them; {Peer} came too late. Raise RetentionBytes, or wait for a host first.")]
    public static partial void RecordsLost(ILogger logger, ulong first, ulong last, string peer);

    [LoggerMessage(EventIds.SubscriberDropped, LogLevel.Warning, "Subscriber {Peer} was dropped: {Reason}")]
    public static partial void SubscriberDropped(ILogger logger, string peer, string reason);

    [LoggerMessage(EventIds.DialFailed, LogLevel.Warning, "The engine cannot connect to {Endpoint}: {Reason} Trying again until it can.")]
    public static partial void DialFailed(ILogger logger, string endpoint, string reason);

    [LoggerMessage(EventIds.AcceptFailed, LogLevel.Error, "The engine's listener failed to accept a connection; it goes on listening.")]
    public static partial void AcceptFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventIds.ParametersRequested, LogLevel.Information,
        "Source {Source}: parameters of strategy {Strategy}, revision {Revision} (update {Update}), asked for by {Actor}.")]
    public static partial void ParametersRequested(ILogger logger, string source, ushort strategy, ulong revision, Guid update, string actor);

    [LoggerMessage(EventIds.ParametersAnswered, LogLevel.Information,
        "Source {Source}: parameters of strategy {Strategy}, revision {Revision} (update {Update}): {State}. {Reason}")]
    public static partial void ParametersAnswered(ILogger logger, string source, ushort strategy, ulong revision, Guid update, ParameterState state, string reason);

    [LoggerMessage(EventIds.ParametersRestored, LogLevel.Information, "{Count} parameter updates of an earlier run wait for their engines' answers.")]
    public static partial void ParametersRestored(ILogger logger, int count);

    [LoggerMessage(EventIds.ParametersNotRestored, LogLevel.Error,
        "The log could not be read for open parameter updates; none can be sent until the host was started again.")]
    public static partial void ParametersNotRestored(ILogger logger, Exception exception);

    [LoggerMessage(EventIds.ParametersDecided, LogLevel.Information,
        "Parameters of strategy {Strategy}, revision {Revision} (update {Update}), from {Peer}: {State}. {Reason}")]
    public static partial void ParametersDecided(ILogger logger, ushort strategy, ulong revision, Guid update, string peer, ParameterState state, string reason);

    [LoggerMessage(EventIds.ControlHandlerFailed, LogLevel.Error, "The engine's handler of {What} failed.")]
    public static partial void ControlHandlerFailed(ILogger logger, Exception exception, string what);
}
