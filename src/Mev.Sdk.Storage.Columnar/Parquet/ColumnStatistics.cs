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

            least = least < 0 || column.Compare(row, least) < 0 ? row : least;
            greatest = greatest < 0 || column.Compare(row, greatest) > 0 ? row : greatest;
        }

        return new ColumnStatistics(least, greatest);
    }

    private static bool IsNotANumber(ColumnBuffer column, int row) => column.Description.Type switch
    {
        ColumnType.Float => float.IsNaN(MemoryMarshal.Read<float>(column[row])),
        ColumnType.Double => double.IsNaN(MemoryMarshal.Read<double>(column[row])),
        _ => false,
    };
}
