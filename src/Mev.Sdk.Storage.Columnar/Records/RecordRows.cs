using Mev.Sdk.Storage.Columnar.Columns;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>A table that records become rows of.</summary>
internal abstract class RecordRows
{
    private protected RecordRows(string name, IReadOnlyList<ColumnDescription> columns, TemplateSet templates)
    {
        Name = name;
        Columns = columns;
        Templates = templates;
        var slot = columns.ToList().FindIndex(static column => column is { Name: "slot", Type: ColumnType.UInt64, IsNullable: false });
        SortColumns = slot < 0 ? [0] : [slot, 0];
    }

    public string Name { get; }

    /// <summary>The common columns, <c>lsn</c> first, and the table's own behind them.</summary>
    public IReadOnlyList<ColumnDescription> Columns { get; }

    /// <summary>The slot, where the table has one, and the LSN.</summary>
    public int[] SortColumns { get; }

    /// <summary>The kinds of record that it is made from.</summary>
    public TemplateSet Templates { get; }

    public static RecordRows Of(RecordTable table, bool includeRaw) => table switch
    {
        RecordTable.Transactions => includeRaw ? TransactionTables.TransactionsWithRaw : TransactionTables.Transactions,
        RecordTable.Swaps => TransactionTables.Swaps,
        RecordTable.Opportunities => OpportunityTables.Opportunities,
        RecordTable.Outcomes => OpportunityTables.Outcomes,
        RecordTable.Blocks => ChainTables.Blocks,
        RecordTable.Accounts => ChainTables.Accounts,
        RecordTable.Slots => ChainTables.Slots,
        RecordTable.Nodes => ChainTables.Nodes,
        RecordTable.Metrics => SystemTables.Metrics,
        RecordTable.Strategies => OpportunityTables.Strategies,
        RecordTable.Gaps => SystemTables.Gaps,
        RecordTable.Labels => LabelTables.Labels,
        RecordTable.LabelLegs => LabelTables.LabelLegs,
        RecordTable.Predictions => LabelTables.Predictions,
        RecordTable.ParameterChanges => SystemTables.ParameterChanges,
        RecordTable.Audit => SystemTables.Audit,
        RecordTable.Records => SystemTables.Records,
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "There is no such table."),
    };

    /// <summary>Adds a record's rows; a record that is of another kind or malformed has none.</summary>
    public abstract void Append(in RecordView record, in StreamPosition position, ReadOnlySpan<ColumnBuffer> buffers);
}
