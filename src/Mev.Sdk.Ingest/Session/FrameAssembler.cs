using System.Buffers;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Session;

/// <summary>Groups the frames of a buffer into batches of consecutive records and stops at everything that is not the next record.</summary>
/// <remarks>Pure: no I/O, never awaits. One scan works on one pipe read; what <see cref="Take"/> returned must be done before the pipe advances.</remarks>
internal sealed class FrameAssembler(uint sourceId, int maxFrameBytes)
{
    private readonly FrameCursor _cursor = new(maxFrameBytes);
    private readonly List<ReadOnlyMemory<byte>> _chunks = [];
    private ReadOnlyMemory<byte> _held;
    private ReadOnlyMemory<byte> _last;
    private int _count;
    private ulong _first;
    private ulong _sessionId;

    /// <summary>The sequence that the next record should have; 0 before <see cref="Expect"/>.</summary>
    public ulong Next { get; private set; }

    /// <summary>Says of a sequence below <see cref="Next"/> whether it was asked for again and is still missing; null = none is.</summary>
    public Func<ulong, bool>? IsAskedFor { get; init; }

    /// <summary>Records dropped because their sequence was lower than the expected one, and they had not been asked for.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Frames copied because they straddled two segments.</summary>
    public long Straddles => _cursor.Straddles;

    /// <summary>First missing sequence after <see cref="AssemblerStep.Gap"/>.</summary>
    public ulong GapFirst { get; private set; }

    /// <summary>Last missing sequence after <see cref="AssemblerStep.Gap"/>.</summary>
    public ulong GapLast { get; private set; }

    /// <summary>The frame after <see cref="AssemblerStep.SessionFrame"/>; valid until the pipe advances.</summary>
    public ReadOnlyMemory<byte> SessionFrame { get; private set; }

    /// <summary>Engine's time of the last record gathered that was no replay, nanoseconds since the Unix epoch; 0 = unknown.</summary>
    public ulong LastEngineTime { get; private set; }

    /// <summary>Whether the gathered records, or those just taken, are a replay.</summary>
    public bool IsReplay { get; private set; }

    /// <summary>Slot of the last record gathered; 0 = it has none.</summary>
    public ulong LastSlot => SlotOf(_last);

    /// <summary>Slot of the record that waits for the next scan; 0 = it has none.</summary>
    public ulong HeldSlot => SlotOf(_held);

    /// <summary>Everything before this was taken off the buffer.</summary>
    public SequencePosition Consumed => _cursor.Consumed;

    /// <summary>Says which session the records belong to and which comes next.</summary>
    public void Expect(ulong sessionId, ulong next)
    {
        _sessionId = sessionId;
        Next = next;
    }

    /// <summary>Changes the length of the longest frame taken, once the peer is known.</summary>
    public void Allow(int maxFrameBytes) => _cursor.Allow(maxFrameBytes);

    /// <summary>Starts on a pipe read.</summary>
    public void Begin(in ReadOnlySequence<byte> buffer) => _cursor.Begin(in buffer);

    /// <summary>Goes on through the buffer until something other than the next record comes up.</summary>
    public AssemblerStep Scan()
    {
        if (!_held.IsEmpty)
        {
            var held = _held;
            _held = default;
            Append(held);
        }

        while (true)
        {
            var status = _cursor.TryNext(out var frame);
            if (status != FrameStatus.Done)
            {
                return status == FrameStatus.NeedMoreData ? AssemblerStep.NeedMoreData : AssemblerStep.Malformed;
            }

            ref readonly var header = ref MemoryMarshal.AsRef<FrameHeader>(frame.Span);
            if (!TemplateIds.IsRecord(header.TemplateId))
            {
                SessionFrame = frame;
                return AssemblerStep.SessionFrame;
            }

            // The last number is refused so that "the next one" always exists.
            if (Next == 0 || header.Sequence is 0 or ulong.MaxValue)
            {
                return AssemblerStep.UnexpectedRecord;
            }

            // Taken in, it would stand for what the host itself found: a score, a gap.
            if (!TemplateIds.IsEngineRecord(header.TemplateId))
            {
                return AssemblerStep.ForbiddenRecord;
            }

            if (header.Sequence < Next)
            {
                // What is gathered but not yet delivered is not missing any more, though nobody was told.
                if (IsAskedFor is null || !IsAskedFor(header.Sequence) || (IsReplay && header.Sequence - _first < (ulong)_count))
                {
                    Duplicates++;
                    continue;
                }

                if (_count > 0 && !(IsReplay && header.Sequence - _first == (ulong)_count))
                {
                    _held = frame;
                    return AssemblerStep.BatchEnd;
                }

                Append(frame);
                continue;
            }

            if (header.Sequence > Next)
            {
                (GapFirst, GapLast, Next) = (Next, header.Sequence - 1, header.Sequence);
                _held = frame;
                return AssemblerStep.Gap;
            }

            if (_count > 0 && IsReplay)
            {
                _held = frame;
                return AssemblerStep.BatchEnd;
            }

            Append(frame);
        }
    }

    /// <summary>Takes what was gathered as one borrowed batch, or null when there is nothing.</summary>
    public RecordBatch? Take()
    {
        if (_count == 0)
        {
            return null;
        }

        var batch = RecordBatch.Borrow([.. _chunks], _count, new StreamPosition(sourceId, _sessionId, _first));
        _chunks.Clear();
        _count = 0;
        return batch;
    }

    /// <summary>Gives the memory of copied frames back, once nothing of this pipe read is needed any more.</summary>
    public void Release()
    {
        SessionFrame = default;
        _last = default;
        _cursor.ReleaseCopies();
    }

    /// <summary>What <see cref="AssemblerStep.Malformed"/> meant.</summary>
    public FrameFormatException ToException() => _cursor.ToException();

    private void Append(ReadOnlyMemory<byte> frame)
    {
        ref readonly var header = ref MemoryMarshal.AsRef<FrameHeader>(frame.Span);
        if (_count++ == 0)
        {
            _first = header.Sequence;
            IsReplay = header.Sequence < Next;
        }

        _last = frame;
        if (!IsReplay)
        {
            LastEngineTime = header.EngineTimeNanoseconds;
            Next = header.Sequence + 1;
        }

        if (_chunks.Count > 0 && TryJoin(_chunks[^1], frame, out var joined))
        {
            _chunks[^1] = joined;
        }
        else
        {
            _chunks.Add(frame);
        }
    }

    private static ulong SlotOf(ReadOnlyMemory<byte> frame) =>
        !frame.IsEmpty && new RecordView(Lsn.None, frame.Span).TryGetSlot(out var slot) ? slot : 0;

    // Frames that stand side by side in one array become one chunk.
    private static bool TryJoin(ReadOnlyMemory<byte> chunk, ReadOnlyMemory<byte> frame, out ReadOnlyMemory<byte> joined)
    {
        joined = default;
        if (!MemoryMarshal.TryGetArray(chunk, out var left)
            || !MemoryMarshal.TryGetArray(frame, out var right)
            || !ReferenceEquals(left.Array, right.Array)
            || left.Offset + left.Count != right.Offset)
        {
            return false;
        }

        joined = left.Array.AsMemory(left.Offset, left.Count + right.Count);
        return true;
    }
}
