using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage;

/// <summary>Log messages of this package. A healthy system is silent.</summary>
internal static partial class Log
{
    [LoggerMessage(EventIds.TornTailCut, LogLevel.Warning,
        "The last opening of the journal did not end in order: '{Path}' was sealed at byte {Offset}, {Bytes} bytes of writes that were never announced as durable were dropped.")]
    public static partial void TornTailCut(ILogger logger, string path, long offset, long bytes);

    [LoggerMessage(EventIds.LimitLost, LogLevel.Warning,
        "'{Path}' is missing or damaged: to be sure that no LSN is given twice, numbers are skipped up to {NextLsn}.")]
    public static partial void LimitLost(ILogger logger, string path, Lsn nextLsn);

    [LoggerMessage(EventIds.JournalFaulted, LogLevel.Critical, "The journal takes no more records; sources are stopped by it.")]
    public static partial void JournalFaulted(ILogger logger, Exception exception);

    [LoggerMessage(EventIds.ListenerFailed, LogLevel.Error, "A durability listener of type {Type} threw; its engine may keep records longer than it must.")]
    public static partial void ListenerFailed(ILogger logger, Exception exception, string type);

    [LoggerMessage(EventIds.DiskFull, LogLevel.Error,
        "The journal cannot write '{Path}' ({Error}): it keeps trying, and sources wait for it. Free space on that disk: engines keep what came since for as long as their retention and their time-outs let them.")]
    public static partial void DiskFull(ILogger logger, string path, string error);

    [LoggerMessage(EventIds.SpaceReturned, LogLevel.Warning, "The journal writes '{Path}' again.")]
    public static partial void SpaceReturned(ILogger logger, string path);

    [LoggerMessage(EventIds.SegmentRemoved, LogLevel.Information, "Retention takes '{Path}' out of the journal: records up to LSN {LastLsn}, {Bytes} bytes.")]
    public static partial void SegmentRemoved(ILogger logger, string path, Lsn lastLsn, long bytes);

    [LoggerMessage(EventIds.SegmentNotRemoved, LogLevel.Warning, "Retention cannot delete '{Path}' and tries again after the next commit.")]
    public static partial void SegmentNotRemoved(ILogger logger, Exception exception, string path);

    [LoggerMessage(EventIds.KeysUnused, LogLevel.Warning,
        "The journal in '{Directory}' is written without encryption although Mev:Storage:Journal:Encryption:Keys has keys: CurrentKeyId is empty. Set it to the id of a key to encrypt new "
        + "segments, and Required to true to refuse plain ones.")]
    public static partial void KeysUnused(ILogger logger, string directory);

    [LoggerMessage(EventIds.SegmentsGone, LogLevel.Warning,
        "The journal in '{Directory}' begins empty although it had at least {Segments} segments: what they held is gone, LSNs go on behind theirs.")]
    public static partial void SegmentsGone(ILogger logger, string directory, uint segments);

    [LoggerMessage(EventIds.ProjectorRetries, LogLevel.Warning, "The projection failed after LSN {Checkpoint} and is tried again in {Delay}; the journal is not affected.")]
    public static partial void ProjectorRetries(ILogger logger, Exception exception, Lsn checkpoint, TimeSpan delay);

    [LoggerMessage(EventIds.RecordsMalformed, LogLevel.Warning,
        "{Count} records have no rows in {Target}: the first is LSN {Lsn} of kind {TemplateId}, {Reason}. The journal keeps them as they are; look at the engine that sent them.")]
    public static partial void RecordsMalformed(ILogger logger, int count, string target, Lsn lsn, ushort templateId, string reason);

    [LoggerMessage(EventIds.ProjectorRecovered, LogLevel.Information, "The projection works again from LSN {Checkpoint}.")]
    public static partial void ProjectorRecovered(ILogger logger, Lsn checkpoint);

    [LoggerMessage(EventIds.ArchiveRetries, LogLevel.Warning,
        "Archiving failed behind LSN {ArchivedTo} and is tried again in {Delay}; the journal takes records as before and keeps what is not archived.")]
    public static partial void ArchiveRetries(ILogger logger, Exception exception, Lsn archivedTo, TimeSpan delay);

    [LoggerMessage(EventIds.ArchiveRecovered, LogLevel.Information, "Archiving works again; records up to LSN {ArchivedTo} are in the store.")]
    public static partial void ArchiveRecovered(ILogger logger, Lsn archivedTo);

    [LoggerMessage(EventIds.ArchiveGap, LogLevel.Error,
        "The records from LSN {From} to {LastRemoved} were deleted from the journal before they were archived; the archive goes on behind them. The sealer must be a retention hold before retention begins.")]
    public static partial void ArchiveGap(ILogger logger, Lsn from, Lsn lastRemoved);

    [LoggerMessage(EventIds.ArchiveRefused, LogLevel.Error, "Archiving has ended: nothing is archived, the log keeps every record, and nothing is tried again before a restart.")]
    public static partial void ArchiveRefused(ILogger logger, Exception exception);

    [LoggerMessage(EventIds.ObjectSealed, LogLevel.Debug, "Archived LSN {FirstLsn} to {LastLsn}: {FrameBytes} bytes of records in {Bytes} bytes.")]
    public static partial void ObjectSealed(ILogger logger, Lsn firstLsn, Lsn lastLsn, long frameBytes, long bytes);

    [LoggerMessage(EventIds.PartitionMoved, LogLevel.Information, "Partition {Partition} with {Rows} rows was moved: it was {From} and is {To}.")]
    public static partial void PartitionMoved(ILogger logger, Tiers.TierPartition partition, long rows, Queries.HistoryTier from, Queries.HistoryTier to);

    [LoggerMessage(EventIds.TierPassFailed, LogLevel.Warning, "Moving partitions between tiers failed; what was begun is finished in {Interval}.")]
    public static partial void TierPassFailed(ILogger logger, Exception exception, TimeSpan interval);
}
