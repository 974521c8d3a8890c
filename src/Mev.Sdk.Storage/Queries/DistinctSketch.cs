using System.Buffers.Binary;
using System.Numerics;

namespace Mev.Sdk.Storage.Queries;

/// <summary>
/// How many different keys there are (HyperLogLog with 4,096 registers): the bytes 8 to 15 of a key or signature, read as a big-endian number, are its hash; the first 12 bits name a
/// register, which keeps the least of the other 52 that it met.
/// </summary>
/// <remarks>
/// Keys and signatures are as good as random there, also those whose first characters were searched for. The relative standard error is 1.04 / √4096 = 1.6 %. The least rest
/// of a register is the one with most leading zeros, so a database needs no more than a <c>min</c> a register, and sketches of parts of the rows are merged by it. Not thread-safe.
/// </remarks>
public sealed class DistinctSketch
{
    /// <summary>Registers.</summary>
    public const int Registers = 1 << RegisterBits;

    /// <summary>Bits of the hash that are kept in a register.</summary>
    public const int RestBits = 64 - RegisterBits;

    internal const int HashOffset = 8;
    private const int RegisterBits = 12;
    private const ulong RestMask = (1UL << RestBits) - 1;
    private readonly ulong[] _least = new ulong[Registers];

    /// <summary>Makes an empty sketch.</summary>
    public DistinctSketch() => Clear();

    /// <summary>Where a key counts.</summary>
    /// <param name="key">A key or signature.</param>
    /// <returns>Its register and the rest of its hash.</returns>
    public static (int Register, ulong Least) PlaceOf(ReadOnlySpan<byte> key)
    {
        var hash = BinaryPrimitives.ReadUInt64BigEndian(key[HashOffset..]);
        return ((int)(hash >> RestBits), hash & RestMask);
    }

    /// <summary>Adds the least rest of a register.</summary>
    /// <param name="register">The register.</param>
    /// <param name="rest">The least rest.</param>
    public void Add(int register, ulong rest) => _least[register] = Math.Min(_least[register], rest);

    /// <summary>Estimates how many different keys were added.</summary>
    /// <returns>The estimate, rounded.</returns>
    public long Estimate()
    {
        // Flajolet et al. 2007, with linear counting where many registers are empty; a 64-bit hash needs no correction above.
        var sum = 0d;
        var empty = 0;
        foreach (var least in _least)
        {
            var rank = least == ulong.MaxValue ? 0 : BitOperations.LeadingZeroCount(least) - RegisterBits + 1;
            empty += rank == 0 ? 1 : 0;
            sum += Math.ScaleB(1, -rank);
        }

        const double Alpha = 0.7213 / (1 + (1.079 / Registers));
        var estimate = Alpha * Registers * Registers / sum;
        return (long)Math.Round(estimate <= 2.5 * Registers && empty > 0 ? Registers * Math.Log((double)Registers / empty) : estimate);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => Array.Fill(_least, ulong.MaxValue);
}
