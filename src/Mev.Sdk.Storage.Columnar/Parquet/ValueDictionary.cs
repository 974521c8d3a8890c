using System.Numerics;
using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Columnar.Columns;

namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>The distinct values of a column, in the order they came, and for each row which it has.</summary>
internal sealed class ValueDictionary
{
    private const int MaxValues = 1 << 16;
    private const int MaxBytes = 1 << 20;

    private readonly List<int> _rows = [];

    private ValueDictionary(ulong[] indices) => Indices = indices;

    /// <summary>For every row that has a value its number in the dictionary.</summary>
    public ulong[] Indices { get; }

    /// <summary>For each value the first row that has it.</summary>
    public IReadOnlyList<int> Rows => _rows;

    /// <summary>Bits of a number; a single value takes none.</summary>
    public int Width => _rows.Count <= 1 ? 0 : 32 - BitOperations.LeadingZeroCount((uint)_rows.Count - 1);

    /// <summary>Makes a dictionary where it is worth one: few values, each named more than twice on average.</summary>
    /// <param name="column">The column.</param>
    /// <returns>Null where it is not.</returns>
    public static ValueDictionary? TryMake(ColumnBuffer column)
    {
        var values = column.Count - column.Nulls;
        var dictionary = new ValueDictionary(new ulong[values]);
        var most = Math.Min(MaxValues, values / 2);
        var table = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, Math.Min(values, MaxValues) * 2))];
        var bytes = 0;
        var at = 0;
        for (var row = 0; row < column.Count; row++)
        {
            if (column.IsNull(row))
            {
                continue;
            }

            var value = column[row];
            var place = (int)(Hash(value) & (uint)(table.Length - 1));
            while (table[place] != 0 && !column[dictionary._rows[table[place] - 1]].SequenceEqual(value))
            {
                place = (place + 1) & (table.Length - 1);
            }

            if (table[place] == 0)
            {
                bytes += value.Length;
                if (dictionary._rows.Count >= most || bytes > MaxBytes)
                {
                    return null;
                }

                dictionary._rows.Add(row);
                table[place] = dictionary._rows.Count;
            }

            dictionary.Indices[at++] = (ulong)(table[place] - 1);
        }

        return at > 0 ? dictionary : null;
    }

    // Values may come from outside, but a bad spread costs time within one row group only.
    private static uint Hash(ReadOnlySpan<byte> value)
    {
        const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
        var hash = (ulong)value.Length;
        for (; value.Length >= sizeof(ulong); value = value[sizeof(ulong)..])
        {
            hash = BitOperations.RotateLeft((hash ^ MemoryMarshal.Read<ulong>(value)) * Multiplier, 29);
        }

        foreach (var one in value)
        {
            hash = (hash ^ one) * Multiplier;
        }

        return (uint)(hash >> 32);
    }
}
