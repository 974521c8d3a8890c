using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>A running value over everything a decoder yields, cheap enough not to hide the decoder.</summary>
internal struct Fold
{
    /// <summary>The value so far.</summary>
    public ulong Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong field) => Value = ulong.RotateLeft(Value, 5) ^ field;

    /// <summary>Folds bytes: their length, and the sum of their 8-byte words, four at a time, so that folding costs little beside decoding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add((ulong)bytes.Length);
        var lanes = Vector256<ulong>.Zero;
        var at = 0;
        for (; at + Vector256<byte>.Count <= bytes.Length; at += Vector256<byte>.Count)
        {
            lanes += Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(bytes), (nuint)at).AsUInt64();
        }

        var sum = Vector256.Sum(lanes);
        for (; at + sizeof(ulong) <= bytes.Length; at += sizeof(ulong))
        {
            sum += MemoryMarshal.Read<ulong>(bytes[at..]);
        }

        for (; at < bytes.Length; at++)
        {
            sum += bytes[at];
        }

        Add(sum);
    }
}
