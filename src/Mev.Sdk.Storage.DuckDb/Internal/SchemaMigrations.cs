using DuckDB.NET.Data;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Brings a database of an earlier version to today's, a version at a time; each step only goes forward.</summary>
internal static class SchemaMigrations
{
    /// <summary>
    /// Version 1 to 2: what an opportunity really cost, confidences that are not stated, a count of observed opportunities, and where repeats belong. What version 1 did not store stays unknown.
    /// </summary>
    private const string ToVersion2 = """
        ALTER TABLE mev_opportunities RENAME TO mev_opportunities_old;
        CREATE TABLE mev_opportunities AS SELECT lsn, source_id, session_id, opportunity_id, type, strategy, signature_prefix, signature, slot, pool, quote_mint,
            expected_profit_lamports, expected_cost_lamports, capital_lamports, profit_lamports, cost_lamports,
            CASE WHEN outcome IN (1, 2) THEN cost_lamports END AS actual_cost_lamports,
            CASE WHEN isfinite(confidence) AND confidence <> 0 THEN confidence END AS confidence,
            flags, detected, executed, success, outcome, metadata, transaction_lsn FROM mev_opportunities_old ORDER BY rowid;
        DROP TABLE mev_opportunities_old;
        CREATE TABLE IF NOT EXISTS transaction_repeats (lsn UBIGINT NOT NULL, first_lsn UBIGINT NOT NULL);
        ALTER TABLE projector_checkpoint RENAME TO projector_checkpoint_old;
        CREATE TABLE projector_checkpoint (
            schema_version INTEGER NOT NULL, lsn UBIGINT NOT NULL, transactions BIGINT NOT NULL, opportunities BIGINT NOT NULL,
            observed_opportunities BIGINT NOT NULL, updated_at TIMESTAMP);
        INSERT INTO projector_checkpoint SELECT 2, lsn, transactions, opportunities, (SELECT count(*) FROM mev_opportunities WHERE (flags & 2) <> 0), updated_at
            FROM projector_checkpoint_old;
        DROP TABLE projector_checkpoint_old;
        """;

    /// <summary>JSON as the catalogue has it: null when empty, a JSON string of what is none.</summary>
    private static string Json(string column) => $"CASE WHEN {column} = '' THEN NULL WHEN json_valid({column}) THEN {column} ELSE CAST(to_json({column}) AS VARCHAR) END";

    // The order of columns is that of the catalogue from version 3 on, so the tables are written anew; what version 2 kept otherwise is put right on the way.
    private static string ToVersion3()
    {
        var opportunities = TableSql.Names(HistoryTables.MevOpportunities).Replace("metadata", Json("metadata"), StringComparison.Ordinal);
        var made = HistoryTables.All.Except([HistoryTables.Transactions, HistoryTables.MevOpportunities, HistoryTables.PerformanceMetrics]).Select(Schema.CreateTable);
        return $"""
            ALTER TABLE transactions RENAME TO transactions_old;
            {Schema.CreateTable(HistoryTables.Transactions)}
            INSERT INTO transactions SELECT {TableSql.Names(HistoryTables.Transactions)} FROM transactions_old ORDER BY rowid;
            DROP TABLE transactions_old;
            ALTER TABLE mev_opportunities RENAME TO mev_opportunities_old;
            {Schema.CreateTable(HistoryTables.MevOpportunities)}
            INSERT INTO mev_opportunities SELECT {opportunities} FROM mev_opportunities_old ORDER BY rowid;
            DROP TABLE mev_opportunities_old;
            ALTER TABLE performance_metrics RENAME TO performance_metrics_old;
            {Schema.CreateTable(HistoryTables.PerformanceMetrics)}
            INSERT INTO performance_metrics SELECT lsn, coalesce(time, TIMESTAMP '1970-01-01 00:00:00'), name, CASE WHEN isfinite(value) THEN value END, {Json("tags")}
                FROM performance_metrics_old ORDER BY rowid;
            DROP TABLE performance_metrics_old;
            {string.Join('\n', made)}
            UPDATE projector_checkpoint SET schema_version = 3;
            """;
    }

    /// <summary>Migrates within the transaction that is open.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="from">The version that the database has, at least 1.</param>
    public static void Run(DuckDBConnection connection, int from)
    {
        for (var version = from; version < Schema.Version; version++)
        {
            connection.Execute(version == 1 ? ToVersion2 : ToVersion3());
        }
    }
}
