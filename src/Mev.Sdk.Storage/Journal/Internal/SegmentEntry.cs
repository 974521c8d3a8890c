namespace Mev.Sdk.Storage.Journal;

/// <summary>What the index knows of a segment as a whole; its number is its place in the list.</summary>
internal record struct SegmentEntry(uint Number, long CreatedNanoseconds)
{
    public long Records { get; set; }

    public long RawBytes { get; set; }

    public long StoredBytes { get; set; }

    public int Blocks { get; set; }

    /// <summary>Its last LSN; <see cref="Lsn.None"/> when it has no records.</summary>
    public Lsn LastLsn { get; set; }

    public bool IsSealed { get; set; }
}
