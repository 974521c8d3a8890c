using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Columnar.Columns;

namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>What a reader may skip a row group by: the least and the greatest value, and how many there are none of.</summary>
internal readonly struct ColumnStatistics
{
    // Longer texts and raw bytes say nothing that a reader could skip by and would fill the footer.
    private const int MaxBytes = 64;

    private ColumnStatistics(int least, int greatest) => (Least, Greatest) = (least, greatest);

    /// <summary>Row of the least value; -1 where it is not stated.</summary>
    public int Least { get; }

    /// <summary>Row of the greatest value; -1 where it is not stated.</summary>
    public int Greatest { get; }

    public static ColumnStatistics Of(ColumnBuffer column)
    {
        var (least, greatest) = (-1, -1);
        for (var row = 0; row < column.Count; row++)
        {
            if (column.IsNull(row))
            {
                continue;
            }

            if (column[row].Length > MaxBytes || IsNotANumber(column, row))
            {
                return new ColumnStatistics(-1, -1);
            }

            least = least < 0 || Compare(column, row, least) < 0 ? row : least;
            greatest = greatest < 0 || Compare(column, row, greatest) > 0 ? row : greatest;
        }

        return new ColumnStatistics(least, greatest);
    }

    private static bool IsNotANumber(ColumnBuffer column, int row) => column.Description.Type switch
    {
        ColumnType.Float => float.IsNaN(MemoryMarshal.Read<float>(column[row])),
        ColumnType.Double => double.IsNaN(MemoryMarshal.Read<double>(column[row])),
        _ => false,
    };

    // The order of the logical type: unsigned numbers as such, bytes from the first on. Zeros of both signs are one value to a reader, and
    // either as a bound is right for it as long as it compares them as equal, which IEEE comparison does.
    private static int Compare(ColumnBuffer column, int left, int right)
    {
        var a = column[left];
        var b = column[right];
        return column.Description.Type switch
        {
            ColumnType.Boolean or ColumnType.UInt8 => a[0].CompareTo(b[0]),
            ColumnType.UInt16 => MemoryMarshal.Read<ushort>(a).CompareTo(MemoryMarshal.Read<ushort>(b)),
            ColumnType.UInt32 => MemoryMarshal.Read<uint>(a).CompareTo(MemoryMarshal.Read<uint>(b)),
            ColumnType.UInt64 => MemoryMarshal.Read<ulong>(a).CompareTo(MemoryMarshal.Read<ulong>(b)),
            ColumnType.Int64 or ColumnType.Timestamp => MemoryMarshal.Read<long>(a).CompareTo(MemoryMarshal.Read<long>(b)),
            ColumnType.Float => MemoryMarshal.Read<float>(a).CompareTo(MemoryMarshal.Read<float>(b)),
            ColumnType.Double => MemoryMarshal.Read<double>(a).CompareTo(MemoryMarshal.Read<double>(b)),
            _ => a.SequenceCompareTo(b),
        };
    }
}
