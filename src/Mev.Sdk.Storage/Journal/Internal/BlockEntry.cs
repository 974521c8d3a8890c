namespace Mev.Sdk.Storage.Journal;

/// <summary>Where a block of records is: 24 bytes of memory a block.</summary>
internal readonly record struct BlockEntry(ulong FirstLsn, long Offset, uint RecordCount, uint Segment)
{
    public Lsn LastLsn => new(FirstLsn + RecordCount - 1);
}
