namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>What the blocks' index says of one block, the root being number 0.</summary>
internal struct ObjectBlock
{
    public long Offset;
    public ulong FirstLsn;
    public ulong LastLsn;

    /// <summary>Least and greatest slot of its records; 0 when none has one.</summary>
    public ulong FirstSlot;
    public ulong LastSlot;

    /// <summary>Which kinds of record it holds, as <see cref="Wire.TemplateSet.Bits"/>; bit 0 for all that have no bit.</summary>
    public ulong Kinds;

    /// <summary>Digest of what it decodes to.</summary>
    public ulong Digest;
    public long FrameBytes;
    public int StoredLength;
    public int Frames;
    public int Transactions;
    public uint Crc32C;

    public readonly SectionPlace Place => new(Offset, StoredLength, Crc32C);
}
