using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage.ClickHouse;

/// <summary>Log messages of this package. A healthy system is silent.</summary>
internal static partial class Log
{
    [LoggerMessage(EventIds.RequestRetries, LogLevel.Warning, "A request to ClickHouse failed for a reason that may pass; it is sent again in {Wait}.")]
    public static partial void RequestRetries(ILogger logger, Exception exception, TimeSpan wait);

    [LoggerMessage(EventIds.UnfinishedRemoved, LogLevel.Information,
        "{Rows} rows of '{Table}' behind LSN {Checkpoint} were removed: they are of a range that was not finished, and are stored again from the log.")]
    public static partial void UnfinishedRemoved(ILogger logger, string table, ulong rows, Lsn checkpoint);
}
