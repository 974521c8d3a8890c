using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>Writes one frame into a buffer: block, groups in schema order, variable data in schema order, then <see cref="Complete"/>.</summary>
/// <remarks>
/// Every member throws <see cref="ArgumentException"/> when the buffer is too small; size it with <see cref="FrameSize"/>. The writer holds
/// no memory of its own.
/// </remarks>
public ref struct FrameWriter
{
    private readonly Span<byte> _buffer;
    private int _position;

    /// <summary>Starts a frame whose fixed block is <paramref name="templateId"/>'s.</summary>
    private FrameWriter(Span<byte> buffer, ushort templateId, int blockLength)
    {
        Require(buffer.Length, FrameHeader.Size + blockLength);
        _buffer = buffer;
        var header = new FrameHeader
        {
            BlockLength = checked((ushort)blockLength),
            TemplateId = templateId,
            SchemaId = WireFormat.SchemaId,
            Version = WireFormat.Version,
        };
        MemoryMarshal.Write(buffer, in header);
        _position = FrameHeader.Size;
    }

    /// <summary>Starts a frame with its fixed block.</summary>
    /// <typeparam name="T">The message's block.</typeparam>
    /// <param name="buffer">Where the frame goes.</param>
    /// <param name="block">The block.</param>
    /// <returns>A writer behind the block.</returns>
    public static FrameWriter Begin<T>(Span<byte> buffer, in T block)
        where T : unmanaged, IMessageLayout
    {
        var writer = new FrameWriter(buffer, T.TemplateId, Unsafe.SizeOf<T>());
        MemoryMarshal.Write(buffer[FrameHeader.Size..], in block);
        writer._position += Unsafe.SizeOf<T>();
        return writer;
    }

    /// <summary>Writes a group.</summary>
    /// <typeparam name="TEntry">An entry; a multiple of 8 bytes.</typeparam>
    /// <param name="entries">The entries, at most 65,535.</param>
    public void Group<TEntry>(ReadOnlySpan<TEntry> entries)
        where TEntry : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(entries);
        Require(_buffer.Length - _position, WireFormat.GroupDimensionSize + bytes.Length);
        var dimension = new GroupDimension { BlockLength = (ushort)Unsafe.SizeOf<TEntry>(), NumInGroup = checked((ushort)entries.Length) };
        MemoryMarshal.Write(_buffer[_position..], in dimension);
        bytes.CopyTo(_buffer[(_position + WireFormat.GroupDimensionSize)..]);
        _position += WireFormat.GroupDimensionSize + bytes.Length;
    }

    /// <summary>Writes a variable-length field.</summary>
    /// <param name="bytes">Its bytes.</param>
    public void Data(ReadOnlySpan<byte> bytes)
    {
        Require(_buffer.Length - _position, WireFormat.DataLengthSize + bytes.Length);
        MemoryMarshal.Write(_buffer[_position..], bytes.Length);
        bytes.CopyTo(_buffer[(_position + WireFormat.DataLengthSize)..]);
        _position += WireFormat.DataLengthSize + bytes.Length;
    }

    /// <summary>Pads the frame and writes its header.</summary>
    /// <param name="sequence">The record's number in its session; 0 when a publisher stamps it later.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <returns>The frame's length in bytes.</returns>
    public readonly int Complete(ulong sequence, ulong engineTimeNanoseconds)
    {
        var length = WireFormat.Align(_position);
        Require(_buffer.Length, length);
        _buffer[_position..length].Clear();
        var frame = _buffer[..length];
        MemoryMarshal.AsRef<FrameHeader>(frame).Length = (uint)length;
        Stamp(frame, sequence, engineTimeNanoseconds);
        return length;
    }

    /// <summary>Gives a finished frame another sequence and time, and its checksum anew.</summary>
    /// <param name="frame">Exactly one frame.</param>
    /// <param name="sequence">The record's number in its session.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    public static void Stamp(Span<byte> frame, ulong sequence, ulong engineTimeNanoseconds)
    {
        ref var header = ref MemoryMarshal.AsRef<FrameHeader>(frame);
        header.Sequence = sequence;
        header.EngineTimeNanoseconds = engineTimeNanoseconds;
        header.Crc32C = FrameReader.ComputeChecksum(frame);
    }

    private static void Require(int available, int needed)
    {
        if (available < needed)
        {
            ThrowTooSmall(available, needed);
        }
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void ThrowTooSmall(int available, int needed) =>
        throw new ArgumentException($"The frame needs {needed} more bytes of buffer, {available} are left.");
}
