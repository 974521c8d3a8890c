namespace Mev.Sdk.Storage.Columnar.Columns;

/// <summary>Rows on their way into a file, column by column.</summary>
internal sealed class RowGroup
{
    private readonly ColumnBuffer[] _columns;
    private readonly int[] _sortColumns;

    public RowGroup(IReadOnlyList<ColumnDescription> columns, int[] sortColumns)
    {
        _columns = [.. columns.Select(static column => new ColumnBuffer(column))];
        _sortColumns = sortColumns;
    }

    public ReadOnlySpan<ColumnBuffer> Columns => _columns;

    public int Rows => _columns[0].Count;

    /// <summary>Bytes of values.</summary>
    public long Length
    {
        get
        {
            var length = 0L;
            foreach (var column in _columns)
            {
                length += column.Length;
            }

            return length;
        }
    }

    public void Clear()
    {
        foreach (var column in _columns)
        {
            column.Clear();
        }
    }

    /// <summary>The columns in the order of the sort columns; the same buffers where the rows came so, and equal rows as they came.</summary>
    public ColumnBuffer[] Sorted()
    {
        if (_sortColumns.Length == 0 || IsSorted())
        {
            return _columns;
        }

        var order = new int[Rows];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, Compare);
        return [.. _columns.Select(column => column.Reordered(order))];
    }

    private bool IsSorted()
    {
        for (var row = 1; row < Rows; row++)
        {
            if (Compare(row - 1, row) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private int Compare(int left, int right)
    {
        foreach (var column in _sortColumns)
        {
            var difference = _columns[column].Compare(left, right);
            if (difference != 0)
            {
                return difference;
            }
        }

        return left - right;
    }
}
