using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>Damages valid streams as a seed says, and repairs lengths and checksums so that the damage gets behind the first check.</summary>
internal sealed class StreamMutator(IReadOnlyList<byte[]> corpus)
{
    public const int MaxBytes = 16 << 10;

    private static readonly ulong[] Interesting =
        [0, 1, 2, 7, 8, 31, 32, 255, 256, 65_535, 65_536, int.MaxValue, 0x8000_0000, uint.MaxValue, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue];

    private readonly byte[] _buffer = new byte[MaxBytes];
    private readonly byte[] _other = new byte[MaxBytes];
    private int _length;

    /// <summary>The input of a seed; valid until the next call.</summary>
    public ReadOnlySpan<byte> Mutate(ulong seed)
    {
        var random = new Random((int)(seed ^ (seed >> 32)));
        Take(corpus[random.Next(corpus.Count)]);
        for (var steps = random.Next(0, 5); steps > 0; steps--)
        {
            Step(random);
        }

        // Most inputs are repaired: an unrepaired one ends at its first wrong checksum.
        if (random.Next(8) != 0)
        {
            Repair(random);
        }

        return _buffer.AsSpan(0, _length);
    }

    private void Take(ReadOnlySpan<byte> stream)
    {
        _length = Math.Min(stream.Length, MaxBytes);
        stream[.._length].CopyTo(_buffer);
    }

    private void Step(Random random)
    {
        if (_length == 0)
        {
            return;
        }

        switch (random.Next(9))
        {
            case 0:
                _buffer[random.Next(_length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                _buffer[random.Next(_length)] = (byte)random.Next(256);
                break;
            case 2:
                _length = random.Next(_length + 1);
                break;
            case 3:
                SpliceOther(random);
                break;
            case 4:
                MoveFrame(random);
                break;
            default:
                WriteField(random);
                break;
        }
    }

    // A number where numbers stand: fields are aligned, so most of these hit one whole.
    private void WriteField(Random random)
    {
        var value = random.Next(3) == 0 ? (ulong)random.NextInt64() : Interesting[random.Next(Interesting.Length)] + (ulong)random.Next(-1, 2);
        var size = 1 << random.Next(1, 4);
        var at = random.Next(_length / size) * size;
        if (at + size > _length)
        {
            return;
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..size].CopyTo(_buffer.AsSpan(at));
    }

    private void SpliceOther(Random random)
    {
        var other = corpus[random.Next(corpus.Count)].AsSpan();
        var from = random.Next(other.Length);
        var piece = other.Slice(from, random.Next(other.Length - from + 1));
        var at = random.Next(_length + 1);
        var keep = Math.Min(_length - at, MaxBytes - at - Math.Min(piece.Length, MaxBytes - at));
        piece = piece[..Math.Min(piece.Length, MaxBytes - at)];
        _buffer.AsSpan(at, keep).CopyTo(_other);
        piece.CopyTo(_buffer.AsSpan(at));
        _other.AsSpan(0, keep).CopyTo(_buffer.AsSpan(at + piece.Length));
        _length = at + piece.Length + keep;
    }

    // Duplicates, drops or swaps whole frames: valid bytes in an order that no engine sends.
    private void MoveFrame(Random random)
    {
        Span<(int At, int Length)> frames = stackalloc (int, int)[64];
        var count = 0;
        for (var at = 0; at + FrameHeader.Size <= _length && count < frames.Length;)
        {
            var length = (int)MemoryMarshal.Read<uint>(_buffer.AsSpan(at));
            if (length < FrameHeader.Size || length > _length - at)
            {
                break;
            }

            frames[count++] = (at, length);
            at += length;
        }

        if (count == 0)
        {
            return;
        }

        var (from, bytes) = frames[random.Next(count)];
        var frame = _buffer.AsSpan(from, bytes).ToArray();
        switch (random.Next(3))
        {
            case 0:
                _buffer.AsSpan(from + bytes, _length - from - bytes).CopyTo(_buffer.AsSpan(from));
                _length -= bytes;
                break;
            case 1 when _length + bytes <= MaxBytes:
                var to = frames[random.Next(count)].At;
                _buffer.AsSpan(to, _length - to).CopyTo(_buffer.AsSpan(to + bytes));
                frame.CopyTo(_buffer.AsSpan(to));
                _length += bytes;
                break;
            default:
                // Another sequence, as a replay, a jump or a repetition would have.
                BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(from + FrameHeader.SequenceOffset), (ulong)random.Next(0, 40));
                break;
        }
    }

    private void Repair(Random random)
    {
        for (var at = 0; at + FrameHeader.Size <= _length;)
        {
            var left = _length - at;
            var length = (int)Math.Min(MemoryMarshal.Read<uint>(_buffer.AsSpan(at)), int.MaxValue);
            if (length < FrameHeader.Size || length > left || length % WireFormat.Alignment != 0)
            {
                // What cannot be a length becomes one, mostly.
                if (random.Next(4) == 0 || left < FrameHeader.Size)
                {
                    return;
                }

                length = Math.Min(left, Math.Max(FrameHeader.Size, random.Next(5) * 24)) & ~(WireFormat.Alignment - 1);
                BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(at), (uint)length);
            }

            var frame = _buffer.AsSpan(at, length);
            var header = MemoryMarshal.Read<FrameHeader>(frame);
            FrameWriter.Stamp(frame, header.Sequence, header.EngineTimeNanoseconds);
            at += length;
        }
    }
}
