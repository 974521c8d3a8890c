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
    // Four plain fields, and no method that takes the reader's address: so the JIT keeps all of it in registers. The invariant behind every
    // unchecked access below: 0 <= _position <= _length, and _frame has _length bytes.
    private readonly ref byte _frame;
    private readonly int _length;
    private readonly RecordBatch? _batch;
    private int _position;

    /// <summary>Starts at the fixed block of a record.</summary>
    /// <param name="record">A record of a checked frame.</param>
    public BodyReader(scoped in RecordView record)
    {
        _frame = ref MemoryMarshal.GetReference(record.Frame);
        _length = record.Frame.Length;
        _batch = record.Batch;

        // A view cannot be made of less than a header, but it can be default.
        _position = Math.Min(FrameHeader.Size, _length);
    }

    /// <summary>Reads the fixed block.</summary>
    /// <typeparam name="T">The message's block as this reader knows it.</typeparam>
    /// <param name="block">One element, or empty.</param>
    /// <returns>False when the frame is of another message.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryBlock<T>(out ReadOnlySpan<T> block)
        where T : unmanaged, IMessageLayout
    {
        block = default;
        if (_length < FrameHeader.Size)
        {
            return false;
        }

        ref readonly var header = ref Unsafe.As<byte, FrameHeader>(ref _frame);
        int written = header.BlockLength;
        if (header.TemplateId != T.TemplateId || written > _length - _position)
        {
            return false;
        }

        ref var start = ref Unsafe.Add(ref _frame, _position);
        _position += written;
        block = written >= Unsafe.SizeOf<T>()
            ? MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref start), 1)
            : Extend<T>(_batch, MemoryMarshal.CreateReadOnlySpan(ref start, written), 1, written);
        return true;
    }

    /// <summary>Reads a group.</summary>
    /// <typeparam name="TEntry">An entry as this reader knows it.</typeparam>
    /// <param name="entries">The entries; empty when the writer was older than the group.</param>
    /// <returns>False when the group leads outside the frame.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGroup<TEntry>(out ReadOnlySpan<TEntry> entries)
        where TEntry : unmanaged
    {
        entries = default;
        var left = _length - _position;
        if (left < WireFormat.GroupDimensionSize)
        {
            return IsPadding(ref _frame, _position, _length);
        }

        // Two u16 multiply to more than an int holds, but not than a uint.
        ref var start = ref Unsafe.Add(ref _frame, _position);
        var dimension = Unsafe.ReadUnaligned<GroupDimension>(ref start);
        var declared = (uint)dimension.BlockLength * dimension.NumInGroup;
        if (declared > (uint)(left - WireFormat.GroupDimensionSize) || (dimension.NumGroups | dimension.NumVarDataFields) != 0)
        {
            return false;
        }

        start = ref Unsafe.Add(ref start, WireFormat.GroupDimensionSize);
        if (dimension.BlockLength == Unsafe.SizeOf<TEntry>())
        {
            entries = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, TEntry>(ref start), dimension.NumInGroup);
        }
        else if (dimension.NumInGroup > 0)
        {
            // Entries are never empty: a peer could otherwise have 65,535 of them extended out of no bytes at all, so an entry is at
            // least as long as the alignment and is extended at most to this reader's entry size.
            if (dimension.BlockLength < WireFormat.Alignment)
            {
                return false;
            }

            entries = Extend<TEntry>(_batch, MemoryMarshal.CreateReadOnlySpan(ref start, (int)declared), dimension.NumInGroup, dimension.BlockLength);
        }

        _position += WireFormat.GroupDimensionSize + (int)declared;
        return true;
    }

    /// <summary>Reads a variable-length field.</summary>
    /// <param name="bytes">Its bytes; empty when the writer was older than the field.</param>
    /// <returns>False when the field leads outside the frame.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryData(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        var left = _length - _position;
        if (left < WireFormat.DataLengthSize)
        {
            return IsPadding(ref _frame, _position, _length);
        }

        ref var start = ref Unsafe.Add(ref _frame, _position);
        var length = Unsafe.ReadUnaligned<uint>(ref start);
        if (length > (uint)(left - WireFormat.DataLengthSize))
        {
            return false;
        }

        bytes = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, WireFormat.DataLengthSize), (int)length);
        _position += WireFormat.DataLengthSize + (int)length;
        return true;
    }

    // Padding is zero and shorter than the alignment; anything else there is a cut-off field.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsPadding(ref byte frame, int position, int length) =>
        !MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref frame, position), length - position).ContainsAnyExcept((byte)0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<TEntry> Extend<TEntry>(RecordBatch? batch, ReadOnlySpan<byte> written, int count, int from)
        where TEntry : unmanaged
    {
        var to = Unsafe.SizeOf<TEntry>();
        var extended = RecordBatch.Rent(batch, count * to);
        var take = Math.Min(from, to);
        for (var i = 0; i < count; i++)
        {
            written.Slice(i * from, take).CopyTo(extended[(i * to)..]);
        }

        return MemoryMarshal.Cast<byte, TEntry>(extended)[..count];
    }
}
