using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>Finds frames at the front of a buffer: pure, no I/O, no state beyond the position.</summary>
/// <remarks>
/// It answers done, need more, or malformed with the byte position. It never looks at bytes outside the buffer it is given and trusts no
/// length before it compared it with its limit. Not thread-safe; use one per stream.
/// </remarks>
/// <param name="maxFrameBytes">Longest frame accepted, in bytes.</param>
/// <param name="position">Offset in the stream of the first byte that will be shown to the reader, for messages.</param>
public struct FrameReader(int maxFrameBytes, long position = 0)
{
    private readonly int _maxFrameBytes = maxFrameBytes;

    /// <summary>Makes a reader with <see cref="WireFormat.DefaultMaxFrameBytes"/> at the beginning of a stream.</summary>
    public FrameReader()
        : this(WireFormat.DefaultMaxFrameBytes)
    {
    }

    /// <summary>Bytes of the stream before the next frame.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Why the last answer was <see cref="FrameStatus.Malformed"/>.</summary>
    public FrameError Error { get; private set; }

    /// <summary>The length that the frame at <see cref="Position"/> declares, in bytes; 0 before four of its bytes were seen.</summary>
    public long DeclaredLength { get; private set; }

    /// <summary>Takes a frame off the front of contiguous bytes.</summary>
    /// <param name="buffer">The bytes; on <see cref="FrameStatus.Done"/> moved behind the frame, otherwise untouched.</param>
    /// <param name="frame">The frame within the same memory, or empty.</param>
    /// <returns>What was found.</returns>
    public FrameStatus TryRead(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (buffer.Length < FrameHeader.Size)
        {
            return CheckStart(buffer);
        }

        // The one way that a stream takes: every bound is compared here, and what follows relies on it.
        ref var start = ref MemoryMarshal.GetReference(buffer);
        var length = Unsafe.ReadUnaligned<uint>(ref start);
        if (length > (uint)buffer.Length || length > (uint)_maxFrameBytes || length < FrameHeader.Size || length % WireFormat.Alignment != 0)
        {
            return CheckLength(length, buffer.Length);
        }

        DeclaredLength = length;
        Error = CheckContent(ref start, (int)length);
        if (Error != FrameError.None)
        {
            return FrameStatus.Malformed;
        }

        frame = MemoryMarshal.CreateReadOnlySpan(ref start, (int)length);
        buffer = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, length), buffer.Length - (int)length);
        Position += length;
        return FrameStatus.Done;
    }

    /// <summary>Tells whether a whole frame stands at the front of a segmented buffer, without checking its checksum.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="length">The frame's length in bytes when done.</param>
    /// <returns>What was found; the frame itself is then checked by <see cref="TryRead(ref ReadOnlySpan{byte}, out ReadOnlySpan{byte})"/>.</returns>
    public FrameStatus TryMeasure(in ReadOnlySequence<byte> buffer, out int length)
    {
        length = 0;
        if (buffer.Length < sizeof(uint))
        {
            DeclaredLength = 0;
            return FrameStatus.NeedMoreData;
        }

        uint declared = 0;
        buffer.Slice(0, sizeof(uint)).CopyTo(MemoryMarshal.AsBytes(new Span<uint>(ref declared)));
        var status = CheckLength(declared, buffer.Length);
        length = status == FrameStatus.Done ? (int)DeclaredLength : 0;
        return status;
    }

    /// <summary>The exception that tells a person what the last <see cref="FrameStatus.Malformed"/> meant.</summary>
    /// <returns>An exception with error, position and length.</returns>
    public readonly FrameFormatException ToException() => new(Error, Position, DeclaredLength);

    /// <summary>Checks one whole frame.</summary>
    /// <param name="frame">Exactly the frame's bytes.</param>
    /// <returns>What is wrong, or <see cref="FrameError.None"/>.</returns>
    public static FrameError Check(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < FrameHeader.Size)
        {
            return FrameError.LengthTooSmall;
        }

        ref var start = ref MemoryMarshal.GetReference(frame);
        return Unsafe.ReadUnaligned<uint>(ref start) != (uint)frame.Length || frame.Length % WireFormat.Alignment != 0
            ? FrameError.LengthUnaligned
            : CheckContent(ref start, frame.Length);
    }

    internal static uint ComputeChecksum(ReadOnlySpan<byte> frame)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frame.Length, FrameHeader.Size);
        return ComputeChecksum(ref MemoryMarshal.GetReference(frame), frame.Length);
    }

    // The length is one step of the CRC instruction; it stands alone because the checksum's own field follows.
    private static uint ComputeChecksum(ref byte frame, int length)
    {
        var crc = BitOperations.Crc32C(Crc32C.Initial, Unsafe.ReadUnaligned<uint>(ref frame));
        var rest = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref frame, FrameHeader.SequenceOffset), length - FrameHeader.SequenceOffset);
        return ~Crc32C.Append(crc, rest);
    }

    // The caller has seen to it that the frame has these bytes, and at least a header of them.
    private static FrameError CheckContent(ref byte frame, int length)
    {
        ref readonly var header = ref Unsafe.As<byte, FrameHeader>(ref frame);
        return header.Crc32C != ComputeChecksum(ref frame, length) ? FrameError.ChecksumMismatch
            : header.SchemaId != WireFormat.SchemaId ? FrameError.UnknownSchema
            : header.BlockLength > length - FrameHeader.Size ? FrameError.BlockTooLong
            : FrameError.None;
    }

    // Fewer bytes than a header: its length, when it is there, can still be wrong.
    private FrameStatus CheckStart(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length < sizeof(uint))
        {
            DeclaredLength = 0;
            return FrameStatus.NeedMoreData;
        }

        return CheckLength(MemoryMarshal.Read<uint>(buffer), buffer.Length);
    }

    private FrameStatus CheckLength(uint length, long available)
    {
        DeclaredLength = length;
        Error = length < FrameHeader.Size ? FrameError.LengthTooSmall
            : length > (uint)_maxFrameBytes ? FrameError.LengthTooLarge
            : length % WireFormat.Alignment != 0 ? FrameError.LengthUnaligned
            : FrameError.None;
        return Error != FrameError.None ? FrameStatus.Malformed
            : available < length ? FrameStatus.NeedMoreData
            : FrameStatus.Done;
    }
}
