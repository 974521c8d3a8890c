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

    private const int MaxOrigins = 1 << 20;

    private readonly Rows<ulong> _kinds = new();
    private readonly Rows<Origin> _origins = new();
    private readonly GuessTable _guesses = new(bits: 8);
    private ulong _lastLsn;
    private int _lastKind;
    private int _lastOrigin;

    public void Clear()
    {
        _kinds.Clear();
        _origins.Clear();
        _guesses.Clear();
        (_lastLsn, _lastKind, _lastOrigin) = (0, 0, 0);
    }

    public void Copy(StateCopy copy)
    {
        copy.List(_kinds);
        copy.List(_origins);
        _guesses.Copy(copy);
        copy.Value(ref _lastLsn);
        copy.Value(ref _lastKind);
        copy.Value(ref _lastOrigin);
    }

    /// <summary>Codes an LSN.</summary>
    public ulong Lsn(ulong lsn)
    {
        state.Coder.Stream = StreamKind.Records;
        return _lastLsn += state.Numbers.Number(300, 301, lsn - _lastLsn);
    }

    /// <summary>Codes where a frame came from.</summary>
    public void From(ref uint source, ref ulong session)
    {
        var coder = state.Coder;
        coder.Stream = StreamKind.Records;
        ref var guess = ref _guesses[Context.Of((uint)_lastOrigin, 317)];
        var origin = coder.IsDecoding ? -1 : IndexOf(source, session);
        if (guess.Value >= 0 && coder.Flag(Context.Of(318, guess.Confidence), origin == guess.Value))
        {
            origin = guess.Value;
        }
        else
        {
            origin = coder.Count(319, origin + 1, MaxOrigins) - 1;
            if (origin < 0)
            {
                origin = _origins.Count;
                ref var row = ref _origins.Add();
                row.Source = (uint)coder.Plain(source, 32);
                row.Session = coder.Plain(session, 64);
            }
        }

        guess.Follow(origin);
        _lastOrigin = origin;
        if (origin >= _origins.Count)
        {
            throw new InvalidDataException($"Frames of origin {origin} of {_origins.Count}.");
        }

        (source, session) = (_origins[origin].Source, _origins[origin].Session);
    }

    /// <summary>Codes everything of a header but length and checksum, which follow from the rest.</summary>
    /// <returns>The kind of frame: template, version and length of the fixed block.</returns>
    public int Header(ref FrameHeader header)
    {
        var coder = state.Coder;
        coder.Stream = StreamKind.Records;
        var words = MemoryMarshal.Cast<FrameHeader, ulong>(MemoryMarshal.CreateSpan(ref header, 1));
        ref var guess = ref _guesses[Context.Of((uint)_lastKind, 302)];
        var kind = coder.IsDecoding ? -1 : _kinds.Written.IndexOf(words[3]);
        if (guess.Value >= 0 && coder.Flag(Context.Of(303, guess.Confidence), kind == guess.Value))
        {
            kind = guess.Value;
        }
        else
        {
            kind = coder.Count(304, kind + 1, MaxKinds) - 1;
            if (kind < 0)
            {
                // Nobody checks how many kinds an engine sends: the last place of a full table is everybody's.
                kind = Math.Min(_kinds.Count, MaxKinds - 1);
                var added = coder.Number(305, words[3]);
                (kind < _kinds.Count ? ref _kinds[kind] : ref _kinds.Add()) = added;
            }
        }

        guess.Follow(kind);
        _lastKind = kind;
        words[3] = kind < _kinds.Count ? _kinds[kind] : throw new InvalidDataException($"Frames of kind {kind} of {_kinds.Count}.");
        ref var last = ref _origins[_lastOrigin];
        header.Sequence = last.Sequence += (ulong)state.Numbers.Near(306, 307, (long)(header.Sequence - last.Sequence));
        header.EngineTimeNanoseconds = last.Time += (ulong)state.Numbers.Near(308, 309, (long)(header.EngineTimeNanoseconds - last.Time));
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

    private int IndexOf(uint source, ulong session)
    {
        for (var i = _origins.Count - 1; i >= 0; i--)
        {
            if (_origins[i].Source == source && _origins[i].Session == session)
            {
                return i;
            }
        }

        return -1;
    }

    private struct Origin
    {
        public ulong Session;
        public ulong Sequence;
        public ulong Time;
        public uint Source;
    }
}
