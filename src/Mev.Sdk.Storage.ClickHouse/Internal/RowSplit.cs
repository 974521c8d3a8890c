using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Where each column of a row in RowBinary begins, so that a new version of the row can be put together of pieces of others.</summary>
internal sealed class RowSplit
{
    private readonly HistoryTable _table;
    private readonly int[] _starts;

    public RowSplit(HistoryTable table)
    {
        _table = table;
        _starts = new int[table.Columns.Count + 1];
    }

    /// <summary>Bytes of the row that was walked last.</summary>
    public int Length => _starts[^1];

    /// <summary>Walks the row that the bytes begin with.</summary>
    /// <exception cref="InvalidDataException">It is cut off.</exception>
    public RowSplit Walk(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        for (var i = 0; i < _table.Columns.Count; i++)
        {
            _starts[i] = at;
            var column = _table.Columns[i];
            if (column.IsNullable && At(bytes, at++) != 0)
            {
                continue;
            }

            var width = WidthOf(column.Type);
            if (width == 0)
            {
                width = ReadLength(bytes, ref at);
            }

            at += width;
        }

        _starts[^1] = at;
        return at <= bytes.Length ? this : throw CutOff();
    }

    /// <summary>A column with its null mark.</summary>
    public Range this[int column] => _starts[column].._starts[column + 1];

    /// <summary>Whether a nullable column is null.</summary>
    public bool IsNull(ReadOnlySpan<byte> row, HistoryColumn column) => column.IsNullable && row[_starts[column.Ordinal]] != 0;

    /// <summary>The value's bytes, without a null mark; of a value that is not null.</summary>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> row, HistoryColumn column) =>
        row[(_starts[column.Ordinal] + (column.IsNullable ? 1 : 0)).._starts[column.Ordinal + 1]];

    private int ReadLength(ReadOnlySpan<byte> bytes, ref int at)
    {
        var length = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = At(bytes, at++);
            length |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                return length >= 0 ? length : throw CutOff();
            }
        }

        throw CutOff();
    }

    private byte At(ReadOnlySpan<byte> bytes, int at) => at < bytes.Length ? bytes[at] : throw CutOff();

    private InvalidDataException CutOff() => new($"A row of '{_table.Name}' from ClickHouse is cut off.");

    private static int WidthOf(ColumnType type) => type switch
    {
        ColumnType.UInt8 or ColumnType.Boolean => 1,
        ColumnType.UInt16 => 2,
        ColumnType.UInt32 or ColumnType.Float32 => 4,
        ColumnType.UInt64 or ColumnType.Int64 or ColumnType.Float64 or ColumnType.Timestamp => 8,
        ColumnType.Key => Pubkey.Size,
        ColumnType.Signature => Signature.Size,
        _ => 0,
    };
}
