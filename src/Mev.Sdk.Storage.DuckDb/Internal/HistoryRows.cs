using System.Data.Common;
using DuckDB.NET.Data;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Rows of the tables as the types of the contract.</summary>
internal static class HistoryRows
{
    public const string TransactionColumns = """
        lsn, raw_lsn, signature, slot, block_time, stage, processed_at, index_in_block, payer, flags, fee_lamports, tip_lamports,
        compute_unit_price_micro_lamports, compute_unit_limit, compute_units_consumed, error_code, error_custom_code, swap_count,
        score, model_version, venue, pool, mint_in, mint_out, amount_in, amount_out, decimals_in, decimals_out
        """;

    public const string OpportunityColumns = """
        lsn, opportunity_id, type, strategy, transaction_lsn, signature, slot, profit_lamports, cost_lamports, confidence, flags,
        detected, executed, success, outcome, metadata, actual_cost_lamports
        """;

    public static List<TransactionRow> ReadTransactions(DuckDBConnection connection, string sql) => Read(connection, sql, static r => new TransactionRow
    {
        Lsn = new Lsn(r.GetFieldValue<ulong>(0)),
        RawLsn = new Lsn(r.GetFieldValue<ulong>(1)),
        Signature = new Signature(GetBytes(r, 2)),
        Slot = r.GetFieldValue<ulong>(3),
        BlockTime = GetInstant(r, 4),
        Stage = (SightingStage)r.GetFieldValue<byte>(5),
        ProcessedAt = GetInstant(r, 6) ?? default,
        IndexInBlock = r.GetFieldValue<uint>(7),
        Payer = new Pubkey(GetBytes(r, 8)),
        Flags = (TransactionFlags)r.GetFieldValue<uint>(9),
        FeeLamports = r.GetFieldValue<ulong>(10),
        TipLamports = r.GetFieldValue<ulong>(11),
        ComputeUnitPriceMicroLamports = r.GetFieldValue<ulong>(12),
        ComputeUnitLimit = r.GetFieldValue<uint>(13),
        ComputeUnitsConsumed = r.GetFieldValue<uint>(14),
        ErrorCode = (TransactionErrorCode)r.GetFieldValue<ushort>(15),
        ErrorCustomCode = r.GetFieldValue<uint>(16),
        SwapCount = r.GetFieldValue<ushort>(17),
        Score = r.IsDBNull(18) ? null : r.GetFloat(18),
        ModelVersion = r.IsDBNull(19) ? null : r.GetString(19),
        FirstSwap = r.IsDBNull(20) ? null : ReadSwap(r),
    });

    public static List<OpportunityRow> ReadOpportunities(DuckDBConnection connection, string sql) => Read(connection, sql, static r => new OpportunityRow
    {
        Lsn = new Lsn(r.GetFieldValue<ulong>(0)),
        OpportunityId = r.GetFieldValue<ulong>(1),
        Kind = OpportunityTypes.Parse(r.GetString(2)),
        StrategyId = r.GetFieldValue<ushort>(3),
        TransactionLsn = r.IsDBNull(4) ? null : new Lsn(r.GetFieldValue<ulong>(4)),
        Signature = r.IsDBNull(5) ? null : new Signature(GetBytes(r, 5)),
        Slot = r.GetFieldValue<ulong>(6),
        ProfitLamports = r.GetInt64(7),
        CostLamports = r.GetFieldValue<ulong>(8),
        Confidence = r.IsDBNull(9) ? null : r.GetDouble(9),
        Flags = (OpportunityFlags)r.GetFieldValue<uint>(10),
        DetectedAt = GetInstant(r, 11),
        ExecutedAt = GetInstant(r, 12),
        Success = r.IsDBNull(13) ? null : r.GetBoolean(13),
        Outcome = (OutcomeStatus)r.GetFieldValue<byte>(14),
        Metadata = r.IsDBNull(15) ? "" : r.GetString(15),
        ActualCostLamports = r.IsDBNull(16) ? null : r.GetFieldValue<ulong>(16),
    });

    public static byte[] GetBytes(DbDataReader reader, int column)
    {
        using var stream = reader.GetStream(column);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    // TIMESTAMP has no zone; every instant in these tables is UTC.
    public static DateTimeOffset? GetInstant(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : new DateTimeOffset(DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc));

    private static SwapSummary ReadSwap(DuckDBDataReader r) => new(
        (VenueId)r.GetFieldValue<ushort>(20),
        r.IsDBNull(21) ? default : new Pubkey(GetBytes(r, 21)),
        new Pubkey(GetBytes(r, 22)),
        new Pubkey(GetBytes(r, 23)),
        r.GetFieldValue<ulong>(24),
        r.GetFieldValue<ulong>(25),
        r.GetFieldValue<byte>(26),
        r.GetFieldValue<byte>(27));

    private static List<T> Read<T>(DuckDBConnection connection, string sql, Func<DuckDBDataReader, T> map)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Built by this package from constants, numbers and hexadecimal digits.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }
}
