using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>A running value over everything a decoder yields, cheap enough not to hide the decoder.</summary>
/// <remarks>
/// Numbers go into one value and bytes into four lanes, each step depending on the last, so that nothing can be left out or exchanged. Parts of a
/// message fold by themselves and are folded into the message's in the end: a single chain through everything would cost more than decoding.
/// </remarks>
internal struct Fold
{
    private Vector256<ulong> _lanes;
    private ulong _value;

    /// <summary>The value so far.</summary>
    public readonly ulong Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _value ^ Vector256.Sum(_lanes);
    }

    /// <summary>Folds a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong field) => _value = ulong.RotateLeft(_value, 5) ^ field;

    /// <summary>Folds 32 bytes.</summary>
    /// <exception cref="InvalidOperationException">A key has another length, which a decoder with variable-length keys has to look at.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Pubkey.Size)
        {
            throw new InvalidOperationException($"A key of {key.Length} bytes.");
        }

        AddLanes(ref MemoryMarshal.GetReference(key), 0);
    }

    /// <summary>Folds 64 bytes.</summary>
    /// <exception cref="InvalidOperationException">A signature has another length.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddSignature(ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Signature.Size)
        {
            throw new InvalidOperationException($"A signature of {signature.Length} bytes.");
        }

        AddLanes(ref MemoryMarshal.GetReference(signature), 0);
        AddLanes(ref MemoryMarshal.GetReference(signature), 32);
    }

    /// <summary>Folds bytes: their length, and the sum of their 8-byte words, sixteen at a time, so that folding costs little beside decoding.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        ref var start = ref MemoryMarshal.GetReference(bytes);
        var lanes = Vector256<ulong>.Zero;
        nuint at = 0;
        var length = (nuint)bytes.Length;
        if (length >= 128)
        {
            var second = Vector256<ulong>.Zero;
            var third = Vector256<ulong>.Zero;
            var fourth = Vector256<ulong>.Zero;
            for (; length - at >= 128; at += 128)
            {
                lanes += Load(ref start, at);
                second += Load(ref start, at + 32);
                third += Load(ref start, at + 64);
                fourth += Load(ref start, at + 96);
            }

            lanes += second + third + fourth;
        }

        for (; length - at >= 32; at += 32)
        {
            lanes += Load(ref start, at);
        }

        ulong sum = 0;
        for (; length - at >= sizeof(ulong); at += sizeof(ulong))
        {
            sum += Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));
        }

        for (; at < length; at++)
        {
            sum += Unsafe.Add(ref start, at);
        }

        Add(length);
        Add(sum);
        _lanes += _lanes + lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Load(ref byte start, nuint at) => Vector256.LoadUnsafe(ref start, at).AsUInt64();

    // Twice what was, so that two keys exchanged give another value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddLanes(ref byte start, nuint at) => _lanes += _lanes + Load(ref start, at);
}
