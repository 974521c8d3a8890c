using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>Walks the body of a checked frame: block, groups, variable data, each bounded by the frame.</summary>
/// <remarks>
/// What is returned lies in the frame itself, or, where the writer's version was older and shorter, in a zero-extended copy that lives
/// as long as the batch (or, without a batch, as the garbage collector lets it).
/// </remarks>
public ref struct BodyReader
{
    private readonly ReadOnlySpan<byte> _frame;
    private readonly RecordBatch? _batch;
    private int _position;

    /// <summary>Starts at the fixed block of a record.</summary>
    /// <param name="record">A record of a checked frame.</param>
    public BodyReader(scoped in RecordView record)
    {
        _frame = record.Frame;
        _batch = record.Batch;
        _position = FrameHeader.Size;
    }

    /// <summary>Reads the fixed block.</summary>
    /// <typeparam name="T">The message's block as this reader knows it.</typeparam>
    /// <param name="block">One element, or empty.</param>
    /// <returns>False when the frame is of another message.</returns>
    public bool TryBlock<T>(out ReadOnlySpan<T> block)
        where T : unmanaged, IMessageLayout
    {
        ref readonly var header = ref Unsafe.As<byte, FrameHeader>(ref MemoryMarshal.GetReference(_frame));
        if (header.TemplateId != T.TemplateId || header.BlockLength > _frame.Length - _position)
        {
            block = default;
            return false;
        }

        var written = _frame.Slice(_position, header.BlockLength);
        if (written.Length < Unsafe.SizeOf<T>())
        {
            written = Extend(written, 1, written.Length, Unsafe.SizeOf<T>());
        }

        block = MemoryMarshal.Cast<byte, T>(written[..Unsafe.SizeOf<T>()]);
        _position += header.BlockLength;
        return true;
    }

    /// <summary>Reads a group.</summary>
    /// <typeparam name="TEntry">An entry as this reader knows it.</typeparam>
    /// <param name="entries">The entries; empty when the writer was older than the group.</param>
    /// <returns>False when the group leads outside the frame.</returns>
    public bool TryGroup<TEntry>(out ReadOnlySpan<TEntry> entries)
        where TEntry : unmanaged
    {
        entries = default;
        if (_frame.Length - _position < WireFormat.GroupDimensionSize)
        {
            return IsAtEnd();
        }

        // Two u16 multiply to more than an int holds. Entries are never empty: a peer could otherwise have 65,535 of them extended out of
        // no bytes at all, so an entry is at least as long as the alignment and is extended at most to this reader's entry size.
        var dimension = MemoryMarshal.Read<GroupDimension>(_frame[_position..]);
        var declared = (long)dimension.BlockLength * dimension.NumInGroup;
        if (dimension.NumGroups != 0
            || dimension.NumVarDataFields != 0
            || declared > _frame.Length - _position - WireFormat.GroupDimensionSize
            || (dimension.NumInGroup > 0 && dimension.BlockLength < WireFormat.Alignment))
        {
            return false;
        }

        var length = (int)declared;

        var written = _frame.Slice(_position + WireFormat.GroupDimensionSize, length);
        _position += WireFormat.GroupDimensionSize + length;
        if (dimension.NumInGroup == 0)
        {
            return true;
        }

        if (dimension.BlockLength != Unsafe.SizeOf<TEntry>())
        {
            written = Extend(written, dimension.NumInGroup, dimension.BlockLength, Unsafe.SizeOf<TEntry>());
        }

        entries = MemoryMarshal.Cast<byte, TEntry>(written);
        return true;
    }

    /// <summary>Reads a variable-length field.</summary>
    /// <param name="bytes">Its bytes; empty when the writer was older than the field.</param>
    /// <returns>False when the field leads outside the frame.</returns>
    public bool TryData(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (_frame.Length - _position < WireFormat.DataLengthSize)
        {
            return IsAtEnd();
        }

        var length = MemoryMarshal.Read<uint>(_frame[_position..]);
        if (length > (uint)(_frame.Length - _position - WireFormat.DataLengthSize))
        {
            return false;
        }

        bytes = _frame.Slice(_position + WireFormat.DataLengthSize, (int)length);
        _position += WireFormat.DataLengthSize + (int)length;
        return true;
    }

    // Padding is zero and shorter than the alignment; anything else there is a cut-off field.
    private readonly bool IsAtEnd() => !_frame[_position..].ContainsAnyExcept((byte)0);

    private readonly ReadOnlySpan<byte> Extend(ReadOnlySpan<byte> written, int count, int from, int to)
    {
        var extended = RecordBatch.Rent(_batch, count * to);
        var take = Math.Min(from, to);
        for (var i = 0; i < count; i++)
        {
            written.Slice(i * from, take).CopyTo(extended[(i * to)..]);
        }

        return extended;
    }
}
