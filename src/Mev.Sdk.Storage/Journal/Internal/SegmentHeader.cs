using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>The first bytes of a segment; docs/journal-format.md, "Segment header".</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal struct SegmentHeader
{
    public const int Size = 128;
    public const int Crc32COffset = 124;
    public const int KeyCheckOffset = 68;
    public const int KeyCheckSize = 8;
    public const ushort CurrentFormat = 1;

    /// <summary>"MEVJSEG" and 0x1A read as a little-endian number.</summary>
    public const ulong ExpectedMagic = 0x1A_47_45_53_4A_56_45_4D;

    public ulong Magic;
    public ushort FormatVersion;
    public ushort LogId;
    public ushort SchemaId;
    public ushort SchemaVersion;
    public ulong FirstLsn;
    public long CreatedNanoseconds;
    public uint SegmentNumber;
    public ushort Codec;
    public ushort Flags;
    public UInt128Bytes KeyId;
    public NonceBytes NoncePrefix;
    public KeyCheckBytes KeyCheck;
    private ReservedBytes _reserved;
    public uint Crc32C;

    public readonly bool IsEncrypted => KeyId[..].ContainsAnyExcept((byte)0);

    public static SegmentHeader Create(uint number, Lsn firstLsn, BlockCodec codec, DateTimeOffset created)
    {
        var header = new SegmentHeader
        {
            Magic = ExpectedMagic,
            FormatVersion = CurrentFormat,
            LogId = firstLsn.LogId,
            SchemaId = WireFormat.SchemaId,
            SchemaVersion = WireFormat.Version,
            FirstLsn = firstLsn.Value,
            CreatedNanoseconds = (created - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
            SegmentNumber = number,
            Codec = (ushort)codec,
        };
        RandomNumberGenerator.Fill(header.NoncePrefix);
        return header;
    }

    /// <summary>Writes the checksum: the last thing before the header is written.</summary>
    public static void Stamp(ref SegmentHeader header) => header.Crc32C = Wire.Crc32C.Compute(AsBytes(ref header)[..Crc32COffset]);

    public static Span<byte> AsBytes(ref SegmentHeader header) => MemoryMarshal.AsBytes(new Span<SegmentHeader>(ref header));

    /// <summary>Says what is wrong with a header, or null.</summary>
    public static string? Check(ref SegmentHeader header, uint number, ushort? logId)
    {
        if (header.Magic != ExpectedMagic)
            return "it does not begin like a journal segment";
        if (header.Crc32C != Wire.Crc32C.Compute(AsBytes(ref header)[..Crc32COffset]))
            return "its header does not match its CRC-32C";
        if (header.FormatVersion != CurrentFormat)
            return $"it has format version {header.FormatVersion}, this version of the SDK reads {CurrentFormat}";
        if (header.SegmentNumber != number)
            return $"it says it is segment {header.SegmentNumber}: was the file renamed?";
        if (logId is not null && header.LogId != logId)
            return $"it belongs to log {header.LogId}, the host is configured as log {logId} (Mev:Storage:Journal:LogId)";
        return null;
    }

    [InlineArray(16)]
    internal struct UInt128Bytes
    {
        private byte _first;
    }

    [InlineArray(12)]
    internal struct NonceBytes
    {
        private byte _first;
    }

    [InlineArray(KeyCheckSize)]
    internal struct KeyCheckBytes
    {
        private byte _first;
    }

    [InlineArray(48)]
    internal struct ReservedBytes
    {
        private byte _first;
    }
}
