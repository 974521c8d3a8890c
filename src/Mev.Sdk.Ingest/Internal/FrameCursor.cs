using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Internal;

/// <summary>Takes whole checked frames off a segmented buffer, in place where a segment holds them, copied where they straddle two.</summary>
/// <remarks>Never awaits and owns no pipe. Frames stay valid until the pipe advances; copies until <see cref="ReleaseCopies"/>.</remarks>
internal sealed class FrameCursor(int maxFrameBytes)
{
    private readonly List<byte[]> _copies = [];
    private FrameReader _reader = new(maxFrameBytes);
    private ReadOnlySequence<byte> _rest;
    private ReadOnlyMemory<byte> _segment;
    private int _offset;

    /// <summary>Frames copied since the cursor was made.</summary>
    public long Straddles { get; private set; }

    /// <summary>Everything before this was taken.</summary>
    public SequencePosition Consumed => _rest.GetPosition(_offset);

    /// <summary>Changes the length of the longest frame taken, once more is known of the peer.</summary>
    public void Allow(int maxFrameBytes) => _reader = new FrameReader(maxFrameBytes, _reader.Position);

    /// <summary>Starts on what a pipe read returned: the untaken bytes of before, and more.</summary>
    public void Begin(in ReadOnlySequence<byte> buffer) => Rebase(in buffer);

    /// <summary>Takes the next frame.</summary>
    public FrameStatus TryNext(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        while (true)
        {
            var span = _segment.Span[_offset..];
            var status = _reader.TryRead(ref span, out var found);
            if (status == FrameStatus.Done)
            {
                frame = _segment.Slice(_offset, found.Length);
                _offset += found.Length;
                if (!IsAligned(found))
                {
                    frame = Copy(new ReadOnlySequence<byte>(frame));
                }

                return status;
            }

            if (status == FrameStatus.Malformed || _rest.IsSingleSegment)
            {
                return status;
            }

            var rest = _rest.Slice(_offset);
            status = _reader.TryMeasure(in rest, out var length);
            if (status != FrameStatus.Done)
            {
                return status;
            }

            if (rest.FirstSpan.Length < length)
            {
                return TakeStraddling(in rest, length, out frame);
            }

            Rebase(in rest);
        }
    }

    /// <summary>What the last <see cref="FrameStatus.Malformed"/> meant.</summary>
    public FrameFormatException ToException() => _reader.ToException();

    /// <summary>Gives the copies' memory back; the frames in it must not be read any more.</summary>
    public void ReleaseCopies()
    {
        foreach (var copy in _copies)
        {
            ArrayPool<byte>.Shared.Return(copy);
        }

        _copies.Clear();
    }

    private FrameStatus TakeStraddling(in ReadOnlySequence<byte> rest, int length, out ReadOnlyMemory<byte> frame)
    {
        frame = Copy(rest.Slice(0, length));
        var span = frame.Span;
        var status = _reader.TryRead(ref span, out _);
        if (status == FrameStatus.Done)
        {
            Rebase(rest.Slice(length));
        }
        else
        {
            frame = default;
        }

        return status;
    }

    private void Rebase(in ReadOnlySequence<byte> buffer)
    {
        _rest = buffer;
        _segment = buffer.First;
        _offset = 0;
    }

    private ReadOnlyMemory<byte> Copy(in ReadOnlySequence<byte> bytes)
    {
        var length = (int)bytes.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(copy);
        _copies.Add(copy);
        Straddles++;
        return copy.AsMemory(0, length);
    }

    // Overlays promise natural alignment. Our own pump keeps it by filling every segment to its end; another transport's pipe may not.
    private static unsafe bool IsAligned(ReadOnlySpan<byte> frame) =>
        ((nuint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(frame)) & (WireFormat.Alignment - 1)) == 0;
}
