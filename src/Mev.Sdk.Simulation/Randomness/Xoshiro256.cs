using System.Buffers.Binary;
using System.Numerics;

namespace Mev.Sdk.Simulation.Randomness;

/// <summary>xoshiro256** 1.0 of Blackman and Vigna (prng.di.unimi.it, public domain), seeded by SplitMix64: integers only, the same on every machine.</summary>
/// <remarks>Not thread-safe. Not for secrets.</remarks>
internal sealed class Xoshiro256
{
    /// <summary>One in the units of <see cref="Chance"/>.</summary>
    public const uint One = 1 << 16;

    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts a stream of its own: equal seeds with another purpose share nothing.</summary>
    public Xoshiro256(ulong seed, ulong purpose)
    {
        var state = seed ^ BitOperations.RotateLeft(purpose * 0xD1342543DE82EF95, 23);
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    /// <summary>64 uniform bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, bound) by Lemire's multiply-shift; the bias is below bound / 2^64.</summary>
    public ulong Below(ulong bound) => Math.BigMul(Next(), bound, out _);

    /// <inheritdoc cref="Below(ulong)"/>
    public int Below(int bound) => (int)Below((ulong)bound);

    /// <summary>True with a probability given in 1/65536.</summary>
    public bool Chance(uint probability) => (uint)(Next() >> 48) < probability;

    /// <summary>A bell of mean 0 and standard deviation about <paramref name="scale"/>: the sum of four uniforms, bounded at 3.46 deviations.</summary>
    public int Bell(int scale)
    {
        var bits = Next();
        var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48) - (2 * 0xFFFF);
        return (int)((long)sum * scale / 37_837); // 65,535 * sqrt(4 / 12)
    }

    /// <summary>A heavy-tailed factor: octave k with probability (1 - p) p^k, uniform within its octave; 256 is the smallest value.</summary>
    /// <param name="continuation">p in 1/65536; 1/2 gives a tail exponent of 1.</param>
    /// <param name="maxOctave">Largest k.</param>
    public ulong HeavyTail(uint continuation, int maxOctave)
    {
        var octave = 0;
        while (octave < maxOctave && Chance(continuation))
        {
            octave++;
        }

        return (256 + (Next() & 0xFF)) << octave;
    }

    /// <summary>Fills a span with uniform bytes.</summary>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, Next());
            destination = destination[sizeof(ulong)..];
        }

        for (var bits = destination.IsEmpty ? 0 : Next(); !destination.IsEmpty; destination = destination[1..], bits >>= 8)
        {
            destination[0] = (byte)bits;
        }
    }

    /// <summary>An address nobody has the key of.</summary>
    public Pubkey NextPubkey()
    {
        Span<byte> bytes = stackalloc byte[Pubkey.Size];
        Fill(bytes);
        return new Pubkey(bytes);
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
