namespace Mev.Sdk.Storage.Journal;

/// <summary>What a journal holds, durable records only.</summary>
/// <param name="Records">Records.</param>
/// <param name="RawBytes">Bytes of their frames.</param>
/// <param name="StoredBytes">Bytes of the segment files, headers included.</param>
/// <param name="Blocks">Blocks of records.</param>
/// <param name="Segments">Segment files.</param>
/// <param name="RemovedSegments">Segment files that retention deleted since the journal was opened.</param>
/// <param name="RemovedBytes">Their bytes.</param>
public readonly record struct JournalStatistics(
    long Records,
    long RawBytes,
    long StoredBytes,
    long Blocks,
    int Segments,
    int RemovedSegments,
    long RemovedBytes);
