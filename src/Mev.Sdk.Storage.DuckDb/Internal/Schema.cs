using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>The tables, and the temporary ones that a projection stages its rows in.</summary>
/// <remarks>
/// Signatures and keys are raw bytes: a third less than base58, and nothing to encode on the way in. There is no unique index on signatures: an
/// index of random 64-byte keys would be most of the database and most of the work.
/// </remarks>
internal static class Schema
{
    public const int Version = 3;

    public const string StagedTransactions = "staged_transactions";
    public const string StagedRepeats = "staged_repeats";
    public const string StagedOpportunities = "staged_opportunities";

    public const string SampleColumns = """
        transaction_lsn UBIGINT NOT NULL, signature BLOB NOT NULL, features FLOAT[] NOT NULL, labels FLOAT[] NOT NULL, model_version VARCHAR,
        created TIMESTAMP NOT NULL, schema_hash UBIGINT NOT NULL
        """;

    public const string CreateSampleStaging = $"CREATE TEMP TABLE staged_samples ({SampleColumns})";

    private const string Checkpoint = """
        CREATE TABLE projector_checkpoint (
            schema_version INTEGER NOT NULL, lsn UBIGINT NOT NULL, transactions BIGINT NOT NULL, opportunities BIGINT NOT NULL,
            observed_opportunities BIGINT NOT NULL, updated_at TIMESTAMP);
        """;

    /// <summary>All tables, in an empty database.</summary>
    public static readonly string Create = $"""
        {Checkpoint}
        INSERT INTO projector_checkpoint VALUES ({Version}, 0, 0, 0, 0, NULL);
        CREATE TABLE transaction_repeats (lsn UBIGINT NOT NULL, first_lsn UBIGINT NOT NULL);
        CREATE TABLE ml_training_samples ({SampleColumns});
        {string.Join('\n', HistoryTables.All.Select(CreateTable))}
        """;

    public static readonly string CreateStaging = $"""
        CREATE TEMP TABLE {StagedTransactions} ({TableSql.Columns(HistoryTables.Transactions)});
        CREATE TEMP TABLE {StagedRepeats} ({TableSql.Columns(HistoryTables.Transactions)});
        CREATE TEMP TABLE {StagedOpportunities} ({TableSql.Columns(HistoryTables.MevOpportunities)});
        CREATE TEMP TABLE {MergeTables.SlotStages.Name} ({TableSql.Columns(MergeTables.SlotStages)});
        CREATE TEMP TABLE {MergeTables.Outcomes.Name} ({TableSql.Columns(MergeTables.Outcomes)});
        CREATE TEMP TABLE {MergeTables.Scores.Name} ({TableSql.Columns(MergeTables.Scores)});
        CREATE TEMP TABLE resolved_scores (lsn UBIGINT NOT NULL, first_lsn UBIGINT NOT NULL, score FLOAT NOT NULL, model_version VARCHAR, ordinal UBIGINT NOT NULL, in_row BOOLEAN NOT NULL);
        """;

    public static string CreateTable(HistoryTable table) => $"CREATE TABLE {table.Name} ({TableSql.Columns(table)});";
}
