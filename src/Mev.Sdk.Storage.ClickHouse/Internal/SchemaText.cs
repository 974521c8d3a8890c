using System.Globalization;
using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Writes the definitions of the tables.</summary>
/// <param name="database">The database.</param>
/// <param name="cluster">The cluster; empty = one server.</param>
/// <param name="retentionDays">Days after which rows are dropped; 0 = never.</param>
internal sealed class SchemaText(string database, string cluster, int retentionDays)
{
    private const int RepeatDays = 30;

    private string OnCluster => cluster.Length == 0 ? "" : $" ON CLUSTER '{cluster}'";

    public IEnumerable<string> Statements()
    {
        yield return $"CREATE DATABASE IF NOT EXISTS {database}{OnCluster}";
        foreach (var table in HistoryTables.All)
        {
            foreach (var statement in Define(table))
            {
                yield return statement;
            }
        }

        foreach (var statement in Define(
            TableNames.SlotStages,
            ["slot UInt64 CODEC(Delta, ZSTD(1))", "stage UInt8 CODEC(ZSTD(1))", $"{TableNames.Version} UInt64 CODEC(Delta, ZSTD(1))"],
            "", "slot", $"intDiv(slot, {TableNames.PartitionSlots} * 32)", retentionDays, "intDiv(slot, 1024)"))
        {
            yield return statement;
        }

        foreach (var statement in Define(
            TableNames.Repeats,
            ["lsn UInt64 CODEC(Delta, ZSTD(1))", "first_lsn UInt64 CODEC(Delta, ZSTD(1))", $"{TableNames.Version} UInt64 DEFAULT lsn CODEC(Delta, ZSTD(1))"],
            "", "lsn", "tuple()", retentionDays > 0 ? Math.Min(RepeatDays, retentionDays) : RepeatDays, "intDiv(lsn, 1048576)"))
        {
            yield return statement;
        }

        foreach (var statement in Define(
            TableNames.Ranges,
            [
                "first_lsn UInt64 CODEC(Delta, ZSTD(1))", "last_lsn UInt64 CODEC(Delta, ZSTD(1))", "transactions UInt64 CODEC(Delta, ZSTD(1))", "opportunities UInt64 CODEC(Delta, ZSTD(1))",
                "observed_opportunities UInt64 CODEC(Delta, ZSTD(1))", "rows Map(LowCardinality(String), UInt64)", $"{TableNames.Version} UInt64 DEFAULT last_lsn CODEC(Delta, ZSTD(1))",
            ],
            "", "last_lsn", "tuple()", 0, "0"))
        {
            yield return statement;
        }

        foreach (var statement in Define(TableNames.Schema, ["one UInt8", "schema_version UInt32", $"{TableNames.Version} UInt64"], "", "one", "tuple()", 0, "0"))
        {
            yield return statement;
        }

        foreach (var statement in Rollups())
        {
            yield return statement;
        }
    }

    /// <summary>The table that holds the rows themselves.</summary>
    public static string Physical(string table, string cluster) => cluster.Length == 0 ? table : $"{table}_local";

    private IEnumerable<string> Define(HistoryTable table)
    {
        var columns = table.Columns.Select(ColumnText.Define).ToList();
        var range = table.RangeColumn!.Name;
        var isTransactions = table == HistoryTables.Transactions;
        var indexes = new StringBuilder();
        if (isTransactions)
        {
            columns.Add($"{TableNames.FirstSlot} UInt64 DEFAULT slot CODEC(Delta, ZSTD(1))");
            indexes.Append(", INDEX by_signature signature TYPE bloom_filter(0.01) GRANULARITY 1, INDEX by_slot slot TYPE minmax GRANULARITY 1");
            range = TableNames.FirstSlot;
        }
        else if (table == HistoryTables.MevOpportunities)
        {
            indexes.Append(", INDEX by_signature signature TYPE bloom_filter(0.01) GRANULARITY 1, INDEX by_id opportunity_id TYPE bloom_filter(0.01) GRANULARITY 1");
        }

        indexes.Append(", INDEX by_lsn lsn TYPE minmax GRANULARITY 1");
        columns.Add($"{TableNames.Version} UInt64 DEFAULT lsn CODEC(Delta, ZSTD(1))");
        var key = string.Join(", ", table.KeyColumns.Select(static c => c.Name));
        var partition = table.Range == HistoryRange.Slot ? $"intDiv({range}, {TableNames.PartitionSlots})" : $"toYYYYMMDD({range})";
        var shard = table.Range == HistoryRange.Slot ? $"intDiv({range}, 1024)" : "intDiv(lsn, 1048576)";
        return Define(table.Name, columns, indexes.ToString(), $"{range}, {key}", partition, retentionDays, shard);
    }

    private IEnumerable<string> Define(string name, IEnumerable<string> columns, string indexes, string order, string partition, int days, string shard)
    {
        var engine = cluster.Length == 0
            ? $"ReplacingMergeTree({TableNames.Version})"
            : $"ReplicatedReplacingMergeTree('/clickhouse/tables/{{shard}}/{database}/{name}', '{{replica}}', {TableNames.Version})";
        var stored = $"{TableNames.StoredAt} DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD(1))";
        var ttl = days > 0 ? string.Create(CultureInfo.InvariantCulture, $"\nTTL {TableNames.StoredAt} + INTERVAL {days} DAY DELETE") : "";
        var window = cluster.Length == 0 ? "non_replicated_deduplication_window = 10000" : "replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800";
        var local = Physical(name, cluster);
        yield return $"""
            CREATE TABLE IF NOT EXISTS {database}.{local}{OnCluster}
            (
                {string.Join(",\n    ", columns.Append(stored))}{indexes.Replace(", INDEX", ",\n    INDEX", StringComparison.Ordinal)}
            )
            ENGINE = {engine}
            PARTITION BY {partition}
            ORDER BY ({order}){ttl}
            SETTINGS {window}{(days > 0 ? ", ttl_only_drop_parts = 1" : "")}
            """;
        if (cluster.Length > 0)
        {
            yield return $"CREATE TABLE IF NOT EXISTS {database}.{name}{OnCluster} AS {database}.{local}\nENGINE = Distributed('{cluster}', '{database}', '{local}', {shard})";
        }
    }

    // One row an insert, minute and group, never summed up by a merge: so the rows of a range that was not finished can be told and removed like any others.
    private IEnumerable<string> Rollups()
    {
        string[] span = ["minute DateTime('UTC') CODEC(Delta, ZSTD(1))", "lsn UInt64 CODEC(Delta, ZSTD(1))", $"{TableNames.Version} UInt64 DEFAULT lsn CODEC(Delta, ZSTD(1))"];
        string[] transactions = [.. span, "venue UInt16", "transactions UInt64", "failed UInt64", "votes UInt64", "swaps UInt64", "tipped UInt64", "fee_lamports UInt64", "tip_lamports UInt64", "compute_units UInt64"];
        string[] outcomes = [.. span, "status UInt8", "outcomes UInt64", "profit_lamports Int64", "fee_lamports UInt64", "tip_lamports UInt64"];
        foreach (var statement in Define(TableNames.TransactionsPerMinute, transactions, "", "minute, venue, lsn", "toYYYYMM(minute)", retentionDays, "intDiv(lsn, 1048576)")
            .Concat(Define(TableNames.OutcomesPerMinute, outcomes, "", "minute, status, lsn", "toYYYYMM(minute)", retentionDays, "intDiv(lsn, 1048576)")))
        {
            yield return statement;
        }

        const int Failed = (int)TransactionFlags.Failed;
        const int Vote = (int)TransactionFlags.Vote;
        yield return View(TableNames.TransactionsPerMinute, HistoryTables.Transactions.Name, $"""
            SELECT toStartOfMinute(ifNull(t.block_time, t.processed_at)) AS minute, ifNull(t.venue, 0) AS venue, min(t.lsn) AS lsn, count() AS transactions,
                countIf(bitAnd(t.flags, {Failed}) != 0) AS failed, countIf(bitAnd(t.flags, {Vote}) != 0) AS votes, sum(t.swap_count) AS swaps, countIf(t.tip_lamports > 0) AS tipped,
                sum(t.fee_lamports) AS fee_lamports, sum(t.tip_lamports) AS tip_lamports, sum(t.compute_units_consumed) AS compute_units
            FROM {database}.{Physical(HistoryTables.Transactions.Name, cluster)} AS t WHERE t.{TableNames.Version} = t.lsn GROUP BY minute, venue
            """);
        yield return View(TableNames.OutcomesPerMinute, HistoryTables.Outcomes.Name, $"""
            SELECT toStartOfMinute(ifNull(o.completed, toDateTime64(0, 6, 'UTC'))) AS minute, o.status AS status, min(o.lsn) AS lsn, count() AS outcomes,
                sum(o.profit_lamports) AS profit_lamports, sum(o.fee_lamports) AS fee_lamports, sum(o.tip_lamports) AS tip_lamports
            FROM {database}.{Physical(HistoryTables.Outcomes.Name, cluster)} AS o GROUP BY minute, status
            """);
    }

    private string View(string target, string source, string select) =>
        $"CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.{source}_to_{target}{OnCluster} TO {database}.{Physical(target, cluster)} AS\n{select}";
}
