using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Columns;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Transactions;

/// <summary>Where the parts of a transaction's frame lie, when it is laid out as schema version 1 does.</summary>
internal struct TransactionFrame
{
    public int Swaps;
    public int SwapsAt;
    public int WireAt;
    public int WireLength;
    public int MetaAt;
    public int MetaLength;

    /// <summary>Finds the parts.</summary>
    /// <returns>False when anything is laid out in another way, or follows them.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out TransactionFrame parts)
    {
        parts = default;
        ref readonly var header = ref MemoryMarshal.AsRef<FrameHeader>(frame);
        var at = FrameHeader.Size + TransactionRecord.Size;
        if (header.BlockLength != TransactionRecord.Size || frame.Length < at + WireFormat.GroupDimensionSize)
        {
            return false;
        }

        var dimension = MemoryMarshal.Read<GroupDimension>(frame[at..]);
        at += WireFormat.GroupDimensionSize;
        if (dimension.BlockLength != SwapEntry.Size || dimension.NumGroups != 0 || dimension.NumVarDataFields != 0)
        {
            return false;
        }

        (parts.Swaps, parts.SwapsAt) = (dimension.NumInGroup, at);
        at += parts.Swaps * SwapEntry.Size;
        return TryData(frame, ref at, out parts.WireAt, out parts.WireLength)
            && TryData(frame, ref at, out parts.MetaAt, out parts.MetaLength)
            && WireFormat.Align(at) == frame.Length
            && !frame[at..].ContainsAnyExcept((byte)0)
            && header.Length == frame.Length
            && header.Crc32C == FrameColumn.Checksum(frame);
    }

    /// <summary>Writes a frame.</summary>
    public static void Write(
        ref readonly FrameHeader header,
        ref readonly TransactionRecord record,
        ReadOnlySpan<byte> swaps,
        ReadOnlySpan<byte> wire,
        ReadOnlySpan<byte> meta,
        ByteArena output)
    {
        var end = FrameHeader.Size + TransactionRecord.Size + WireFormat.GroupDimensionSize + swaps.Length + (2 * WireFormat.DataLengthSize) + wire.Length + meta.Length;
        var length = WireFormat.Align(end);
        var frame = output[output.Reserve(length), length];
        MemoryMarshal.Write(frame, in header);
        MemoryMarshal.Write(frame[FrameHeader.Size..], in record);
        var at = FrameHeader.Size + TransactionRecord.Size;
        MemoryMarshal.Write(frame[at..], new GroupDimension { BlockLength = SwapEntry.Size, NumInGroup = (ushort)(swaps.Length / SwapEntry.Size) });
        at += WireFormat.GroupDimensionSize;
        at += Copy(swaps, frame[at..]);
        at += Data(wire, frame[at..]);
        at += Data(meta, frame[at..]);
        frame[at..].Clear();
        FrameColumn.Seal(frame);
    }

    private static bool TryData(ReadOnlySpan<byte> frame, ref int at, out int start, out int length)
    {
        (start, length) = (at + WireFormat.DataLengthSize, 0);
        if (frame.Length - at < WireFormat.DataLengthSize)
        {
            return false;
        }

        length = BinaryPrimitives.ReadInt32LittleEndian(frame[at..]);
        at = start + length;
        return length >= 0 && length <= frame.Length - start;
    }

    private static int Data(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, bytes.Length);
        return WireFormat.DataLengthSize + Copy(bytes, destination[WireFormat.DataLengthSize..]);
    }

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        bytes.CopyTo(destination);
        return bytes.Length;
    }
}
