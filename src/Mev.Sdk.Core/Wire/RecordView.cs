using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mev.Sdk.Internal;

namespace Mev.Sdk.Wire;

/// <summary>One record where the transport put it, with the LSN it was given.</summary>
/// <remarks>Borrows the batch's memory: it is valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct RecordView
{
    /// <summary>Looks at a frame.</summary>
    /// <param name="lsn">The record's LSN, or <see cref="Lsn.None"/> before the sequencer.</param>
    /// <param name="frame">Exactly one checked frame.</param>
    /// <param name="batch">The batch that owns the memory, if any.</param>
    /// <exception cref="ArgumentException">The span is shorter than a header.</exception>
    public RecordView(Lsn lsn, ReadOnlySpan<byte> frame, RecordBatch? batch = null)
    {
        if (frame.Length < FrameHeader.Size)
        {
            ThrowTooShort(frame);
        }

        Lsn = lsn;
        Frame = frame;
        Batch = batch;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The whole frame with header and padding.</summary>
    public ReadOnlySpan<byte> Frame { get; }

    /// <summary>The frame's header in place.</summary>
    public ref readonly FrameHeader Header => ref Unsafe.As<byte, FrameHeader>(ref MemoryMarshal.GetReference(Frame));

    internal RecordBatch? Batch { get; }

    /// <summary>The slot that the record speaks of, without reading the rest of it.</summary>
    /// <param name="slot">The slot; 0 when the record has none.</param>
    /// <returns>False when it has none: it is of a kind without slots, of an unknown kind, or its writer did not know it.</returns>
    public bool TryGetSlot(out ulong slot)
    {
        slot = RecordSlots.Get(Frame);
        return slot != 0;
    }

    // Apart, so that making a view is small enough to be inlined.
    [DoesNotReturn]
    private static void ThrowTooShort(ReadOnlySpan<byte> frame) =>
        throw new ArgumentException($"A frame has at least {FrameHeader.Size} bytes, got {frame.Length}.", nameof(frame));
}
