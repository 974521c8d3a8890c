namespace Mev.Sdk.Storage.Relational;

/// <summary>Describes a table, column after column.</summary>
internal sealed class HistoryTableBuilder(string name, string description)
{
    private readonly List<HistoryColumn> _columns = [];
    private readonly List<string> _keys = [];
    private HistoryRange _range;
    private string? _rangeColumn;

    /// <summary>Adds the LSN, which identifies the row.</summary>
    public HistoryTableBuilder Lsn(string description = "LSN of the record.")
    {
        _keys.Add("lsn");
        return Add("lsn", ColumnType.UInt64, description);
    }

    /// <summary>Adds the row's place among those of its record.</summary>
    public HistoryTableBuilder Ordinal(string description)
    {
        _keys.Add("ordinal");
        return Add("ordinal", ColumnType.UInt16, description);
    }

    /// <summary>Adds the slot that the table is ordered by.</summary>
    public HistoryTableBuilder Slot(string description)
    {
        (_range, _rangeColumn) = (HistoryRange.Slot, "slot");
        return Add("slot", ColumnType.UInt64, description);
    }

    /// <summary>Adds the time that the table is ordered by; never null, so that every row has its place.</summary>
    public HistoryTableBuilder Time(string name, string description)
    {
        (_range, _rangeColumn) = (HistoryRange.Time, name);
        return Add(name, ColumnType.Timestamp, description + " Where the record does not say, the time its frame was written; where that is not known either, the Unix epoch.");
    }

    public HistoryTableBuilder Add(string name, ColumnType type, string description) => Add(name, type, description, null);

    public HistoryTableBuilder Nullable(string name, ColumnType type, string description, string nullMeaning) => Add(name, type, description, nullMeaning);

    /// <summary>Adds what the host's clock says while storing.</summary>
    public HistoryTableBuilder Clock(string name, string description)
    {
        _columns.Add(new HistoryColumn(name, _columns.Count, ColumnType.Timestamp, description, null, isReproducible: false));
        return this;
    }

    public HistoryTable Build() => new(name, description, _range, _rangeColumn, [.. _keys], [.. _columns]);

    private HistoryTableBuilder Add(string name, ColumnType type, string description, string? nullMeaning)
    {
        _columns.Add(new HistoryColumn(name, _columns.Count, type, description, nullMeaning, isReproducible: true));
        return this;
    }
}
