namespace Mev.Sdk.Storage.Relational;

/// <summary>By what the rows of a <see cref="HistoryTable"/> are ordered, divided into partitions and moved between tiers.</summary>
public enum HistoryRange
{
    /// <summary>By nothing: the table only stages rows for a merge.</summary>
    None = 0,

    /// <summary>By slot: a column of type <see cref="ColumnType.UInt64"/>, never null.</summary>
    Slot,

    /// <summary>By time: a column of type <see cref="ColumnType.Timestamp"/>, never null.</summary>
    Time,
}
