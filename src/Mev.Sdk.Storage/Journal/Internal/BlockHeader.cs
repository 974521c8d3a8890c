using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>The bytes in front of every block; docs/journal-format.md, "Block header".</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
internal struct BlockHeader
{
    public const int Size = 128;
    public const int Crc32COffset = 124;

    /// <summary>"MEVB" read as a little-endian number.</summary>
    public const uint ExpectedMagic = 0x42_56_45_4D;

    /// <summary>No block is longer; a header that says so is not believed even when its CRC matches.</summary>
    public const int MaxRawBytes = 64 << 20;

    /// <summary>Bit 0 of the template map: older blocks have none.</summary>
    public const ulong HasTemplateMap = 1;

    public uint Magic;
    public ushort HeaderLength;
    public BlockCodec Codec;
    public BlockKind Kind;
    public uint RawLength;
    public uint StoredLength;
    public uint SourceId;
    public uint RecordCount;
    public ulong SessionId;
    public ulong FirstSequence;
    public ulong FirstLsn;
    public ulong MinSlot;
    public ulong MaxSlot;
    public ulong FirstTimeNanoseconds;
    public ulong DurableLength;
    public ulong NonceCounter;
    public ulong LastTimeNanoseconds;
    public TagBytes AuthenticationTag;
    public ulong TemplateMap;
    public uint PayloadCrc32C;
    public uint HeaderCrc32C;

    public readonly Lsn LastLsn => new(FirstLsn + RecordCount - 1);

    /// <summary>The greatest engine time within, as far as it is stated.</summary>
    public readonly ulong GreatestTime => Math.Max(FirstTimeNanoseconds, LastTimeNanoseconds);

    public readonly SequenceRange Sequences => new(SourceId, SessionId, FirstSequence, FirstSequence + RecordCount - 1);

    /// <summary>Bytes of the whole block with header and padding.</summary>
    public readonly long TotalLength => Size + WireFormat.Align((int)StoredLength);

    /// <summary>A seal behind a segment's last block, complete but for what <see cref="Stamp"/> adds.</summary>
    public static BlockHeader CreateSeal(Lsn last, long durableLength) =>
        new() { Kind = BlockKind.Seal, FirstLsn = last.Value, DurableLength = (ulong)durableLength };

    /// <summary>What the cipher covers besides the fields; set before anything is encrypted.</summary>
    public void Begin()
    {
        Magic = ExpectedMagic;
        HeaderLength = Size;
    }

    /// <summary>Writes tag and checksums: the last thing before the header is written.</summary>
    public void Stamp(uint payloadCrc32C, long offset, SegmentCipher? cipher)
    {
        Begin();
        cipher?.Authenticate(ref this, offset);
        PayloadCrc32C = payloadCrc32C;
        HeaderCrc32C = Crc32C.Compute(AsBytes(ref this)[..Crc32COffset]);
    }

    public static Span<byte> AsBytes(ref BlockHeader header) => MemoryMarshal.AsBytes(new Span<BlockHeader>(ref header));

    /// <summary>Says what is wrong with a header whose block may take <paramref name="available"/> bytes, or null.</summary>
    public static string? Check(ref BlockHeader header, long available)
    {
        if (header.Magic != ExpectedMagic)
            return "no block begins there";
        if (header.HeaderCrc32C != Crc32C.Compute(AsBytes(ref header)[..Crc32COffset]))
            return "the block's header does not match its CRC-32C";
        if (header.HeaderLength != Size || header.Kind > BlockKind.Ranges || header.Codec > BlockCodec.Lz4Block)
            return $"the block (header {header.HeaderLength}, kind {(byte)header.Kind}, codec {(byte)header.Codec}) is of a later version of the SDK";
        if (header.RawLength > MaxRawBytes || header.StoredLength > MaxRawBytes + SegmentCipher.TagSize
            || (header.Kind == BlockKind.Records && (header.RecordCount == 0 || header.RawLength < (ulong)header.RecordCount * FrameHeader.Size)))
        {
            return $"the block states {header.RecordCount} records in {header.RawLength} bytes";
        }

        return header.TotalLength > available ? $"the block of {header.TotalLength} bytes is cut off after {available}" : null;
    }

    [InlineArray(16)]
    internal struct TagBytes
    {
        private byte _first;
    }
}
