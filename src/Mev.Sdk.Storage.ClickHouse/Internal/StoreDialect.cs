using Mev.Sdk.Records;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>ClickHouse's SQL over the tables of this store, of which one keeps a column elsewhere: the stages of slots stand beside the transactions.</summary>
/// <param name="withStages">Whether a transaction's stage is to be what slot records made of it; without it, who does not ask for stages joins nothing.</param>
internal sealed class StoreDialect(bool withStages) : ClickHouseDialect
{
    private const int Pending = (int)SightingStage.Pending;
    private const int Finalized = (int)SightingStage.Finalized;
    private const int FirstEnding = (int)SightingStage.Dropped;

    // Stages.Effective in SQL. A slot without a record joins as zeros, which are older than any row.
    private static readonly string WithStages = $"""
        (SELECT {string.Join(", ", HistoryTables.Transactions.Columns.Where(static c => c.Name != "stage").Select(static c => $"t.{c.Name} AS {c.Name}"))},
        if(s.slot_lsn >= t.{TableNames.Version} AND t.stage NOT IN ({Pending}, {Finalized}) AND (s.slot_stage > t.stage OR t.stage >= {FirstEnding}), s.slot_stage, t.stage) AS stage
        FROM transactions AS t
        LEFT ANY JOIN (SELECT slot AS stage_slot, stage AS slot_stage, {TableNames.Version} AS slot_lsn FROM {TableNames.SlotStages}) AS s ON s.stage_slot = t.slot)
        """;

    public override string Source(HistoryTable table) => withStages && table == HistoryTables.Transactions ? WithStages : base.Source(table);

    /// <summary>Writes a query; with the join only where it asks for stages.</summary>
    public static SqlStatement Write(HistoryQuery query)
    {
        var plain = HistorySql.Write(query, new StoreDialect(withStages: false));
        return query.Table == HistoryTables.Transactions.Name && plain.Text.Contains("stage", StringComparison.Ordinal) ? HistorySql.Write(query, new StoreDialect(withStages: true)) : plain;
    }
}
