using System.Runtime.InteropServices;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>The frames that can still be replayed: a chain of segments, bounded by their bytes. Not thread-safe: the publisher's gate guards it.</summary>
internal sealed class RetentionRing
{
    private const int SegmentsPerRing = 16;
    private const int MaxSegmentBytes = 1 << 20;

    private readonly long _capacity;
    private readonly int _segmentBytes;
    private RetentionSegment? _head;
    private RetentionSegment? _tail;
    private byte[]? _spare;
    private long _allocated;
    private long _start;

    public RetentionRing(long capacity)
    {
        _capacity = capacity;
        _segmentBytes = (int)Math.Min(MaxSegmentBytes, capacity / SegmentsPerRing);
        MaxFrameBytes = (int)Math.Min(int.MaxValue, capacity / EnginePublisherOptions.FramesPerRetention);
    }

    /// <summary>Longest frame that can be retained.</summary>
    public int MaxFrameBytes { get; }

    /// <summary>Sequence that the next new record gets.</summary>
    public ulong NextSequence { get; private set; } = 1;

    /// <summary>Sequence of the oldest record retained; equal to <see cref="NextSequence"/> when there is none.</summary>
    public ulong FirstSequence => _head?.FirstSequence ?? NextSequence;

    /// <summary>Finds a place to read from.</summary>
    public (RetentionSegment Segment, int Offset)? Locate(ulong sequence)
    {
        for (var segment = _head; segment is not null; segment = segment.Next)
        {
            if (sequence >= segment.NextSequence)
            {
                continue;
            }

            return (segment, OffsetOf(segment, Math.Max(sequence, segment.FirstSequence)));
        }

        return null;
    }

    /// <summary>How many bytes from a place on are of whole frames, at most so many and not behind a sequence; at least one frame.</summary>
    public static (int Bytes, ulong Next) Measure(RetentionSegment segment, int offset, ulong sequence, ulong last, int maxBytes)
    {
        var end = offset;
        while (end < segment.Published && sequence <= last)
        {
            var length = (int)MemoryMarshal.Read<uint>(segment.Buffer.AsSpan(end));
            if (end > offset && end + length - offset > maxBytes)
            {
                break;
            }

            end += length;
            sequence++;
        }

        return (end - offset, sequence);
    }

    /// <summary>Makes room at the end for as many bytes as fit one segment, but at least for one frame.</summary>
    /// <param name="frameBytes">The frame that must fit.</param>
    /// <param name="mayEvict">Whether the oldest segment may go.</param>
    /// <returns>The segment to fill behind what is published, or null when nothing may be evicted.</returns>
    public RetentionSegment? Reserve(int frameBytes, Func<RetentionSegment, bool> mayEvict)
    {
        if (_tail is not null && _tail.Buffer.Length - _tail.Published >= frameBytes)
        {
            return _tail;
        }

        var bytes = Math.Max(frameBytes, _segmentBytes);
        while (_head is not null && _allocated + bytes > _capacity)
        {
            if (!mayEvict(_head))
            {
                return null;
            }

            EvictHead();
        }

        var buffer = _spare?.Length == bytes ? _spare : GC.AllocateUninitializedArray<byte>(bytes);
        _spare = null;
        var segment = new RetentionSegment(buffer, _start, NextSequence);
        _start += bytes;
        _allocated += bytes;
        if (_tail is null)
        {
            _head = segment;
        }
        else
        {
            _tail.Next = segment;
        }

        _tail = segment;
        return segment;
    }

    /// <summary>Shows frames that were written and stamped behind what was published.</summary>
    public void Publish(int bytes, ulong count)
    {
        _tail!.Published += bytes;
        NextSequence += count;
        _tail.NextSequence = NextSequence;
    }

    /// <summary>A send no longer reads the segment.</summary>
    public void EndLease(RetentionSegment segment)
    {
        segment.Leases--;
        Recycle(segment);
    }

    private static int OffsetOf(RetentionSegment segment, ulong sequence)
    {
        var marks = segment.Marks;
        var mark = (int)Math.Min((sequence - segment.FirstSequence) / RetentionSegment.FramesPerMark, (ulong)marks.Count - 1);
        var offset = marks[mark];
        for (var at = segment.FirstSequence + ((ulong)mark * RetentionSegment.FramesPerMark); at < sequence;)
        {
            offset += (int)MemoryMarshal.Read<uint>(segment.Buffer.AsSpan(offset));
            if ((++at - segment.FirstSequence) == (ulong)marks.Count * RetentionSegment.FramesPerMark)
            {
                marks.Add(offset);
            }
        }

        return offset;
    }

    private void EvictHead()
    {
        var evicted = _head!;
        _head = evicted.Next;
        if (_head is null)
        {
            _tail = null;
        }

        evicted.IsEvicted = true;
        _allocated -= evicted.Buffer.Length;
        Recycle(evicted);
    }

    // A new segment object is made over old memory, so that a cursor into the old one still sees that it was evicted.
    private void Recycle(RetentionSegment segment)
    {
        if (segment is { IsEvicted: true, Leases: 0 } && segment.Buffer.Length == _segmentBytes)
        {
            _spare = segment.Buffer;
        }
    }
}
