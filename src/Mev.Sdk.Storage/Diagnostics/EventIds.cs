namespace Mev.Sdk.Storage;

/// <summary>Stable ids of this package's log messages; never reused.</summary>
internal static class EventIds
{
    public const int TornTailCut = 3001;
    public const int LimitLost = 3002;
    public const int JournalFaulted = 3003;
    public const int ListenerFailed = 3004;
    public const int DiskFull = 3005;
    public const int SpaceReturned = 3006;
    public const int SegmentRemoved = 3007;
    public const int SegmentNotRemoved = 3008;
    public const int KeysUnused = 3009;
    public const int SegmentsGone = 3010;
    public const int ProjectorRetries = 3101;
    public const int ProjectorRecovered = 3102;
    public const int RecordsMalformed = 3103;
    public const int ArchiveRetries = 3201;
    public const int ArchiveRecovered = 3202;
    public const int ArchiveGap = 3203;
    public const int ObjectSealed = 3204;
    public const int ArchiveRefused = 3205;
    public const int PartitionMoved = 3401;
    public const int TierPassFailed = 3402;
}
