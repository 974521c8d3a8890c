using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Diagnostics;

/// <summary>What the package logs; a healthy chain is silent. Endpoints are shown without paths, queries and tokens.</summary>
internal static partial class Log
{
    [LoggerMessage(EventIds.SourceStarted, LogLevel.Information, "Source '{Source}' follows {Endpoint}, session {Session:x16}, from slot {Slot}, sequence {Sequence}.")]
    public static partial void SourceStarted(ILogger logger, string source, string endpoint, ulong session, ulong slot, ulong sequence);

    [LoggerMessage(EventIds.SourceStalled, LogLevel.Warning, "Source '{Source}' gets nothing from {Endpoint}: {Reason} It keeps trying.")]
    public static partial void SourceStalled(ILogger logger, string source, string endpoint, string reason);

    [LoggerMessage(EventIds.SourceRecovered, LogLevel.Information, "Source '{Source}' gets answers from {Endpoint} again.")]
    public static partial void SourceRecovered(ILogger logger, string source, string endpoint);

    [LoggerMessage(EventIds.SourceEnded, LogLevel.Information, "Source '{Source}' delivered everything up to slot {Slot} and ends.")]
    public static partial void SourceEnded(ILogger logger, string source, ulong slot);

    [LoggerMessage(EventIds.StreamEnded, LogLevel.Warning, "The stream of source '{Source}' from {Endpoint} ended: {Reason} The next try is in {Delay}.")]
    public static partial void StreamEnded(ILogger logger, string source, string endpoint, string reason, TimeSpan delay);

    [LoggerMessage(EventIds.MessageUnreadable, LogLevel.Warning, "Source '{Source}' got a message that it cannot read: {Reason}")]
    public static partial void MessageUnreadable(ILogger logger, string source, string reason);

    [LoggerMessage(EventIds.FileUnreadable, LogLevel.Warning, "Source '{Source}' cannot read {File}: {Reason}")]
    public static partial void FileUnreadable(ILogger logger, string source, string file, string reason);

    [LoggerMessage(EventIds.TokenInClear, LogLevel.Warning, "Source '{Source}' sends its secret to {Endpoint} without encryption: anyone on the way can read it. Use {Scheme}://.")]
    public static partial void TokenInClear(ILogger logger, string source, string endpoint, string scheme);

    [LoggerMessage(EventIds.RequestRetried, LogLevel.Debug, "{Method} at {Endpoint}: {Reason} Attempt {Attempt} follows in {Delay}.")]
    public static partial void RequestRetried(ILogger logger, string method, string endpoint, string reason, int attempt, TimeSpan delay);

    [LoggerMessage(EventIds.GapFilled, LogLevel.Information, "Source '{Source}' filled slots {First} to {Last} by RPC.")]
    public static partial void GapFilled(ILogger logger, string source, ulong first, ulong last);

    [LoggerMessage(EventIds.GapGivenUp, LogLevel.Warning, "Source '{Source}' gives slots {First} to {Last} up: {Reason}")]
    public static partial void GapGivenUp(ILogger logger, string source, ulong first, ulong last, string reason);

    [LoggerMessage(EventIds.NodeUnreachable, LogLevel.Warning, "The node at {Endpoint} does not answer {Method}: {Reason}")]
    public static partial void NodeUnreachable(ILogger logger, string endpoint, string method, string reason);

    [LoggerMessage(EventIds.NodeReachable, LogLevel.Information, "The node at {Endpoint} answers again.")]
    public static partial void NodeReachable(ILogger logger, string endpoint);
}
