using Mev.Sdk.Storage.Columnar.Columns;

namespace Mev.Sdk.Storage.Columnar;

/// <summary>The columns of a table, where their values come from, and what its rows are sorted by.</summary>
/// <remarks>Made by a <see cref="TableSchemaBuilder{TRow}"/>; immutable and thread-safe.</remarks>
/// <typeparam name="TRow">What a row is made from.</typeparam>
public sealed class TableSchema<TRow>
    where TRow : allows ref struct
{
    private readonly CellAppender<TRow>[] _cells;

    internal TableSchema(string name, ColumnDescription[] columns, CellAppender<TRow>[] cells, int[] sortedBy)
    {
        Name = name;
        Columns = columns;
        SortColumns = sortedBy;
        _cells = cells;
    }

    /// <summary>The table's name.</summary>
    public string Name { get; }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<ColumnDescription> Columns { get; }

    /// <summary>Names of the columns that the rows of every row group are sorted by, most significant first; empty = the order they came in.</summary>
    public IEnumerable<string> SortedBy => SortColumns.Select(column => Columns[column].Name);

    internal int[] SortColumns { get; }

    internal void Append(in TRow row, ReadOnlySpan<ColumnBuffer> buffers)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            _cells[i](in row, buffers[i]);
        }
    }
}
