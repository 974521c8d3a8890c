using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>The 32 bytes in front of every message; layout in docs/wire-format.md, "Frame".</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct FrameHeader
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 32;

    /// <summary>Offset of <see cref="Crc32C"/>; the checksum covers bytes 0-3 and everything behind this field.</summary>
    public const int Crc32COffset = 4;

    /// <summary>Offset of the first byte behind the checksum.</summary>
    public const int SequenceOffset = 8;

    /// <summary>Bytes of the whole frame with header and padding; a multiple of 8.</summary>
    public uint Length;

    /// <summary>CRC-32C of the frame without this field.</summary>
    public uint Crc32C;

    /// <summary>Number of the record within its session, from 1; a session frame carries that of the last record before it.</summary>
    public ulong Sequence;

    /// <summary>Sender's clock when the frame was made, nanoseconds since the Unix epoch; 0 = unknown.</summary>
    public ulong EngineTimeNanoseconds;

    /// <summary>Bytes of the fixed block as its writer knew it.</summary>
    public ushort BlockLength;

    /// <summary>Which message; see <see cref="TemplateIds"/>.</summary>
    public ushort TemplateId;

    /// <summary><see cref="WireFormat.SchemaId"/>.</summary>
    public ushort SchemaId;

    /// <summary>Schema version of the writer.</summary>
    public ushort Version;
}
