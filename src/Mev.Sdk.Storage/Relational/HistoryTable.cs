using System.Diagnostics.CodeAnalysis;

namespace Mev.Sdk.Storage.Relational;

/// <summary>A table of the history, the same in every database; <see cref="HistoryTables"/> has all of them.</summary>
/// <remarks>Immutable. A database may add columns of its own behind these (a prefix of the signature, an id of a key); rows are exchanged by these alone.</remarks>
public sealed class HistoryTable
{
    private readonly Dictionary<string, HistoryColumn> _byName;

    internal HistoryTable(string name, string description, HistoryRange range, string? rangeColumn, string[] keyColumns, HistoryColumn[] columns)
    {
        Name = name;
        Description = description;
        Range = range;
        Columns = columns;
        _byName = columns.ToDictionary(static c => c.Name, StringComparer.Ordinal);
        Layout = [.. columns.Select(static c => (byte)((int)c.Type | (c.IsNullable ? RowEncoding.NullableBit : 0)))];
        RangeColumn = rangeColumn is null ? null : this[rangeColumn];
        KeyColumns = [.. keyColumns.Select(c => this[c])];
        OrderColumns = RangeColumn is null ? KeyColumns : [RangeColumn, .. KeyColumns];
        FixedBytes = columns.Sum(static c => Math.Max(RowEncoding.FixedBytes(c.Type), 1) + (c.IsNullable ? 1 : 0));
    }

    /// <summary>Its name; stable.</summary>
    public string Name { get; }

    /// <summary>What a row of it is.</summary>
    public string Description { get; }

    /// <summary>By what its rows are ordered, divided into partitions and moved.</summary>
    public HistoryRange Range { get; }

    /// <summary>The column of <see cref="Range"/>, never null in a row; null for a table that only stages.</summary>
    public HistoryColumn? RangeColumn { get; }

    /// <summary>What identifies a row: the LSN of its record, and, where one record gives several rows, the row's place among them.</summary>
    public IReadOnlyList<HistoryColumn> KeyColumns { get; }

    /// <summary>The order in which rows are kept: <see cref="RangeColumn"/>, then <see cref="KeyColumns"/>.</summary>
    public IReadOnlyList<HistoryColumn> OrderColumns { get; }

    /// <summary>All columns, in the order in which a row has them.</summary>
    public IReadOnlyList<HistoryColumn> Columns { get; }

    /// <summary>Of each column its type, and <see cref="RowEncoding.NullableBit"/>.</summary>
    internal byte[] Layout { get; }

    /// <summary>Bytes of a row without the contents of its variable columns, at most.</summary>
    internal int FixedBytes { get; }

    /// <summary>A column.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">The table has no such column.</exception>
    public HistoryColumn this[string name] =>
        TryGetColumn(name, out var column) ? column : throw new KeyNotFoundException($"The table '{Name}' has no column '{name}'; it has {string.Join(", ", Columns.Select(static c => c.Name))}.");

    /// <summary>Looks for a column.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="column">The column.</param>
    /// <returns>False when the table has no such column.</returns>
    public bool TryGetColumn(string name, [MaybeNullWhen(false)] out HistoryColumn column)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out column);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
