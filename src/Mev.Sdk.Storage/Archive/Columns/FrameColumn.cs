using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>LSNs and the headers of frames.</summary>
internal sealed class FrameColumn(BlockState state)
{
    private const int MaxKinds = 256;
    private const int MaxFrameBytes = 1 << 28;

    private readonly List<ulong> _kinds = [];
    private readonly Dictionary<int, int> _lengths = [];
    private readonly GuessTable _guesses = new();
    private ulong _lastLsn;
    private ulong _lastSequence;
    private ulong _lastTime;
    private int _lastKind;

    public void Clear()
    {
        _kinds.Clear();
        _lengths.Clear();
        _guesses.Clear();
        (_lastLsn, _lastSequence, _lastTime, _lastKind) = (0, 0, 0, 0);
    }

    /// <summary>Codes an LSN.</summary>
    public ulong Lsn(ulong lsn)
    {
        state.Coder.Stream = StreamKind.Records;
        return _lastLsn += state.Numbers.Number(300, 301, lsn - _lastLsn);
    }

    /// <summary>Codes everything of a header but length and checksum, which follow from the rest.</summary>
    /// <returns>The kind of frame: template, version and length of the fixed block.</returns>
    public int Header(ref FrameHeader header)
    {
        var coder = state.Coder;
        coder.Stream = StreamKind.Records;
        var words = MemoryMarshal.Cast<FrameHeader, ulong>(MemoryMarshal.CreateSpan(ref header, 1));
        ref var guess = ref _guesses[Context.Of((uint)_lastKind, 302)];
        var kind = coder.IsDecoding ? -1 : _kinds.IndexOf(words[3]);
        if (guess.Value >= 0 && coder.Flag(Context.Of(303, guess.Confidence), kind == guess.Value))
        {
            kind = guess.Value;
        }
        else
        {
            kind = coder.Count(304, kind + 1, MaxKinds) - 1;
            if (kind < 0)
            {
                kind = _kinds.Count;
                _kinds.Add(coder.Number(305, words[3]));
            }
        }

        guess.Follow(kind);
        _lastKind = kind;
        words[3] = kind < _kinds.Count ? _kinds[kind] : throw new InvalidDataException($"Frames of kind {kind} of {_kinds.Count}.");
        header.Sequence = _lastSequence += (ulong)state.Numbers.Near(306, 307, (long)(header.Sequence - _lastSequence));
        header.EngineTimeNanoseconds = _lastTime += (ulong)state.Numbers.Near(308, 309, (long)(header.EngineTimeNanoseconds - _lastTime));
        return kind;
    }

    /// <summary>Codes the length of a frame whose contents do not tell it.</summary>
    public int Length(int kind, int length)
    {
        length = (int)Math.Min(state.Numbers.Number(Context.Of(310, (uint)kind), 311, (ulong)length, 8), MaxFrameBytes + 1);
        return length is >= FrameHeader.Size and <= MaxFrameBytes ? length : throw new InvalidDataException($"A frame of {length} bytes.");
    }

    /// <summary>Writes length and checksum into a whole frame.</summary>
    public static void Seal(Span<byte> frame)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[FrameHeader.Crc32COffset..], Checksum(frame));
    }

    /// <summary>What a frame's checksum must be.</summary>
    public static uint Checksum(ReadOnlySpan<byte> frame) =>
        ~Crc32C.Append(Crc32C.Append(uint.MaxValue, frame[..FrameHeader.Crc32COffset]), frame[FrameHeader.SequenceOffset..]);
}
