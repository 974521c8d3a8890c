using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Relational;

/// <summary>
/// Facts about ClickHouse's RowBinary, the encoding of rows: columns one behind another, no padding, no separators; before a nullable column one byte, 1 = null
/// and nothing follows.
/// </summary>
internal static class RowEncoding
{
    /// <summary>Set in a layout byte when the column is nullable; the rest is its <see cref="ColumnType"/>.</summary>
    public const byte NullableBit = 0x80;

    /// <summary>Bytes of the LEB128 form of an int at most.</summary>
    public const int MaxLengthBytes = 5;

    private static ReadOnlySpan<byte> Widths => [1, 2, 4, 8, 8, 4, 8, 1, 8, Pubkey.Size, Signature.Size, 0, 0, 0];

    /// <returns>Bytes of a value; 0 when that depends on the value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FixedBytes(ColumnType type) => Widths[(int)type];

    [DoesNotReturn]
    public static void ThrowWrongColumn(HistoryTable table, int column, ColumnType type, bool isWriting)
    {
        var verb = isWriting ? "written" : "read";
        throw new InvalidOperationException(column >= table.Columns.Count
            ? $"A {type} is {verb} behind the last column of '{table.Name}'."
            : $"A {type} is {verb} where '{table.Name}' has the column '{table.Columns[column]}'.");
    }

    [DoesNotReturn]
    public static void ThrowDamaged(HistoryTable table, int row, int column) => throw new InvalidDataException(
        $"The rows of '{table.Name}' are damaged or of another table: row {row} does not have a whole column '{table.Columns[Math.Min(column, table.Columns.Count - 1)].Name}'.");
}
