using System.Buffers;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Columnar.Columns;

namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>Tells a reader that a value is surely not in a row group, without the row group being read.</summary>
/// <remarks>Source: Apache Parquet "Bloom Filter" (split blocks of 256 bits, XXH64 of the plain value).</remarks>
internal static class BloomFilter
{
    private const int BlockBytes = 32;
    private const int Words = BlockBytes / sizeof(uint);

    // About one in a hundred row groups is read for nothing: 10 to 20 bits a value, the size being a power of two.
    private const int BitsOfValue = 10;
    private const int MaxBytes = 1 << 25;

    private static ReadOnlySpan<uint> Salts => [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

    /// <summary>Makes the filter of a column whose plain values are as long as here.</summary>
    /// <param name="column">The column.</param>
    /// <returns>Header and bits.</returns>
    public static byte[] Of(ColumnBuffer column)
    {
        var bytes = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)(column.Count - column.Nulls) * BitsOfValue / 8), BlockBytes, MaxBytes);
        var output = new ArrayBufferWriter<byte>(bytes + 32);
        new ThriftWriter(output).Begin().Number32(1, bytes).Begin(2).Empty(1).End().Begin(3).Empty(1).End().Begin(4).Empty(1).End().End();
        var header = output.WrittenCount;
        var filter = new byte[header + bytes];
        output.WrittenSpan.CopyTo(filter);
        var bits = MemoryMarshal.Cast<byte, uint>(filter.AsSpan(header));
        for (var row = 0; row < column.Count; row++)
        {
            if (!column.IsNull(row))
            {
                Add(bits, XxHash64.HashToUInt64(column[row]));
            }
        }

        return filter;
    }

    private static void Add(Span<uint> bits, ulong hash)
    {
        var block = (int)(((hash >> 32) * (ulong)(bits.Length / Words)) >> 32) * Words;
        for (var i = 0; i < Words; i++)
        {
            bits[block + i] |= 1U << (int)(unchecked((uint)hash * Salts[i]) >> 27);
        }
    }
}
