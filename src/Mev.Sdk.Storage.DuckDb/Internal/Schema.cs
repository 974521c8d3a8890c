namespace Mev.Sdk.Storage.DuckDb;

/// <summary>The tables, and the temporary ones that a projection stages its rows in.</summary>
/// <remarks>
/// Signatures and keys are raw bytes: a third less than base58, and nothing to encode on the way in. There is no unique index on signatures: an
/// index of random 64-byte keys would be most of the database and most of the work. <c>signature_prefix</c>, the first 8 bytes as a number, is
/// what joins and look-ups compare first; on random bytes that is as good as a hash.
/// </remarks>
internal static class Schema
{
    public const int Version = 2;

    public const string TransactionColumns = """
        lsn UBIGINT NOT NULL, raw_lsn UBIGINT NOT NULL, signature_prefix UBIGINT NOT NULL, signature BLOB NOT NULL,
        slot UBIGINT NOT NULL, block_time TIMESTAMP, stage UTINYINT NOT NULL, processed_at TIMESTAMP NOT NULL, index_in_block UINTEGER NOT NULL,
        payer BLOB NOT NULL, flags UINTEGER NOT NULL, fee_lamports UBIGINT NOT NULL, tip_lamports UBIGINT NOT NULL,
        compute_unit_price_micro_lamports UBIGINT NOT NULL, compute_unit_limit UINTEGER NOT NULL, compute_units_consumed UINTEGER NOT NULL,
        error_code USMALLINT NOT NULL, error_custom_code UINTEGER NOT NULL, swap_count USMALLINT NOT NULL,
        venue USMALLINT, pool BLOB, mint_in BLOB, mint_out BLOB, amount_in UBIGINT, amount_out UBIGINT, decimals_in UTINYINT, decimals_out UTINYINT,
        score FLOAT, model_version VARCHAR
        """;

    public const string OpportunityColumns = """
        lsn UBIGINT NOT NULL, source_id UINTEGER NOT NULL, session_id UBIGINT NOT NULL, opportunity_id UBIGINT NOT NULL,
        type VARCHAR NOT NULL, strategy USMALLINT NOT NULL, signature_prefix UBIGINT, signature BLOB, slot UBIGINT NOT NULL,
        pool BLOB, quote_mint BLOB, expected_profit_lamports BIGINT NOT NULL, expected_cost_lamports UBIGINT NOT NULL, capital_lamports UBIGINT NOT NULL,
        profit_lamports BIGINT NOT NULL, cost_lamports UBIGINT NOT NULL, actual_cost_lamports UBIGINT, confidence DOUBLE, flags UINTEGER NOT NULL,
        detected TIMESTAMP, executed TIMESTAMP, success BOOLEAN, outcome UTINYINT NOT NULL, metadata VARCHAR NOT NULL
        """;

    public const string MetricColumns = "lsn UBIGINT NOT NULL, time TIMESTAMP, name VARCHAR NOT NULL, value DOUBLE, tags VARCHAR NOT NULL";

    public const string SampleColumns = """
        transaction_lsn UBIGINT NOT NULL, signature BLOB NOT NULL, features FLOAT[] NOT NULL, labels FLOAT[] NOT NULL, model_version VARCHAR,
        created TIMESTAMP NOT NULL, schema_hash UBIGINT NOT NULL
        """;

    public static readonly string Create = $"""
        CREATE TABLE IF NOT EXISTS projector_checkpoint (
            schema_version INTEGER NOT NULL, lsn UBIGINT NOT NULL, transactions BIGINT NOT NULL, opportunities BIGINT NOT NULL,
            observed_opportunities BIGINT NOT NULL, updated_at TIMESTAMP);
        INSERT INTO projector_checkpoint SELECT {Version}, 0, 0, 0, 0, NULL WHERE NOT EXISTS (SELECT 1 FROM projector_checkpoint);
        CREATE TABLE IF NOT EXISTS transactions ({TransactionColumns});
        CREATE TABLE IF NOT EXISTS transaction_repeats (lsn UBIGINT NOT NULL, first_lsn UBIGINT NOT NULL);
        CREATE TABLE IF NOT EXISTS mev_opportunities ({OpportunityColumns}, transaction_lsn UBIGINT);
        CREATE TABLE IF NOT EXISTS performance_metrics ({MetricColumns});
        CREATE TABLE IF NOT EXISTS ml_training_samples ({SampleColumns});
        """;

    public static readonly string CreateStaging = $"""
        CREATE TEMP TABLE staged_transactions ({TransactionColumns});
        CREATE TEMP TABLE staged_repeats ({TransactionColumns});
        CREATE TEMP TABLE staged_slots (slot UBIGINT NOT NULL, stage UTINYINT NOT NULL);
        CREATE TEMP TABLE staged_scores (
            lsn UBIGINT NOT NULL, first_lsn UBIGINT NOT NULL, score FLOAT NOT NULL, model_version VARCHAR, ordinal UBIGINT NOT NULL, in_row BOOLEAN NOT NULL);
        CREATE TEMP TABLE staged_opportunities ({OpportunityColumns});
        CREATE TEMP TABLE staged_outcomes (
            source_id UINTEGER NOT NULL, session_id UBIGINT NOT NULL, opportunity_id UBIGINT NOT NULL, outcome UTINYINT NOT NULL,
            landed BOOLEAN NOT NULL, executed TIMESTAMP, success BOOLEAN NOT NULL, profit_lamports BIGINT NOT NULL, cost_lamports UBIGINT NOT NULL);
        CREATE TEMP TABLE staged_metrics ({MetricColumns});
        """;

    public const string CreateSampleStaging = $"CREATE TEMP TABLE staged_samples ({SampleColumns})";
}
