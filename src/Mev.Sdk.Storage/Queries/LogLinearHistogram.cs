using System.Numerics;

namespace Mev.Sdk.Storage.Queries;

/// <summary>
/// A histogram of whole numbers with relative widths (HDR-style): numbers below 2^(bits + 1) have buckets of their own, above that every power of two is divided into 2^bits
/// buckets. Negative numbers mirror the others: <c>bucket(v) = -1 - bucket(-1 - v)</c>.
/// </summary>
/// <remarks>
/// A bucket is at most 2^-bits of its least number wide, so its middle is within a relative error of 2^-(bits + 1). The number of a bucket is made of comparisons and shifts
/// of integers alone: every database computes the same one, and histograms of parts of the rows are added up. Not thread-safe.
/// </remarks>
public sealed class LogLinearHistogram
{
    /// <summary>Precision by default, bits: a relative error of 0.4 %.</summary>
    public const int DefaultBits = 7;

    /// <summary>Greatest precision, bits.</summary>
    public const int MaxBits = 12;

    private readonly SortedDictionary<int, long> _counts = [];
    private readonly int _bits;

    /// <summary>Makes an empty histogram.</summary>
    /// <param name="bits">Precision, bits: 0 to 12.</param>
    public LogLinearHistogram(int bits = DefaultBits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MaxBits);
        _bits = bits;
    }

    /// <summary>Numbers counted.</summary>
    public long Count { get; private set; }

    /// <summary>The bucket of a number.</summary>
    /// <param name="value">A signed or unsigned 64-bit number.</param>
    /// <param name="bits">Precision, bits: 0 to 12.</param>
    /// <returns>The bucket; adjoining buckets have adjoining numbers.</returns>
    public static int BucketOf(Int128 value, int bits)
    {
        if (value < 0)
        {
            return -1 - BucketOf(-1 - value, bits);
        }

        var number = (ulong)value;
        var shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(number) - (bits + 1));
        return (shift << bits) + (int)(number >> shift);
    }

    /// <summary>The least number of a bucket.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="bits">Precision, bits: 0 to 12.</param>
    /// <returns>The number.</returns>
    public static Int128 LowerBound(int bucket, int bits) => bucket < 0 ? -UpperBound(-1 - bucket, bits) - 1 : (Int128)(bucket - (Shift(bucket, bits) << bits)) << Shift(bucket, bits);

    /// <summary>The greatest number of a bucket.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="bits">Precision, bits: 0 to 12.</param>
    /// <returns>The number.</returns>
    public static Int128 UpperBound(int bucket, int bits) => bucket < 0 ? -LowerBound(-1 - bucket, bits) - 1 : LowerBound(bucket, bits) + ((Int128)1 << Shift(bucket, bits)) - 1;

    /// <summary>Counts numbers of a bucket.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="count">How many.</param>
    public void Add(int bucket, long count)
    {
        _counts[bucket] = _counts.GetValueOrDefault(bucket) + count;
        Count += count;
    }

    /// <summary>A quantile: the middle of the bucket that holds the number at rank ⌈quantile · count⌉.</summary>
    /// <param name="quantile">0 (least) to 1 (greatest).</param>
    /// <returns>The number; null when none was counted.</returns>
    public Int128? Quantile(double quantile)
    {
        if (Count == 0)
        {
            return null;
        }

        var rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Count);
        foreach (var (bucket, count) in _counts)
        {
            rank -= count;
            if (rank <= 0)
            {
                var (low, high) = (LowerBound(bucket, _bits), UpperBound(bucket, _bits));
                return low + ((high - low) / 2);
            }
        }

        return null;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _counts.Clear();
        Count = 0;
    }

    // Buckets 0 to 2^(bits + 1) - 1 are not shifted; each further 2^bits are shifted by one more.
    private static int Shift(int bucket, int bits) => Math.Max(0, (bucket >> bits) - 1);
}
