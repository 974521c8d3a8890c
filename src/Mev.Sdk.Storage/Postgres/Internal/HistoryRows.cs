using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Npgsql;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Rows of the views as the types of the contract.</summary>
internal static class HistoryRows
{
    public static Task<List<TransactionRow>> ReadTransactionsAsync(NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken) =>
        ReadAsync(connection, sql, parameters, ReadTransaction, cancellationToken);

    public static Task<List<OpportunityRow>> ReadOpportunitiesAsync(NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken) =>
        ReadAsync(connection, sql, parameters, ReadOpportunity, cancellationToken);

    private static TransactionRow ReadTransaction(NpgsqlDataReader r) => new()
    {
        Lsn = new Lsn((ulong)r.GetInt64(0)),
        RawLsn = new Lsn((ulong)r.GetInt64(1)),
        Signature = new Signature(r.GetFieldValue<byte[]>(2)),
        Slot = (ulong)r.GetInt64(3),
        BlockTime = GetInstant(r, 4),
        Stage = (SightingStage)r.GetInt16(5),
        ProcessedAt = GetInstant(r, 6) ?? default,
        IndexInBlock = (uint)r.GetInt64(7),
        Payer = GetKey(r, 8),
        Flags = (TransactionFlags)r.GetInt64(9),
        FeeLamports = (ulong)r.GetInt64(10),
        TipLamports = (ulong)r.GetInt64(11),
        ComputeUnitPriceMicroLamports = (ulong)r.GetInt64(12),
        ComputeUnitLimit = (uint)r.GetInt64(13),
        ComputeUnitsConsumed = (uint)r.GetInt64(14),
        ErrorCode = (TransactionErrorCode)r.GetInt32(15),
        ErrorCustomCode = (uint)r.GetInt64(16),
        SwapCount = r.GetInt32(17),
        Score = r.IsDBNull(18) ? null : r.GetFloat(18),
        ModelVersion = r.IsDBNull(19) ? null : r.GetString(19),
        FirstSwap = r.IsDBNull(20) ? null : ReadSwap(r),
    };

    private static OpportunityRow ReadOpportunity(NpgsqlDataReader r) => new()
    {
        Lsn = new Lsn((ulong)r.GetInt64(0)),
        OpportunityId = (ulong)r.GetInt64(1),
        Kind = OpportunityTypes.Parse(r.GetString(2)),
        StrategyId = (ushort)r.GetInt32(3),
        TransactionLsn = r.IsDBNull(4) ? null : new Lsn((ulong)r.GetInt64(4)),
        Signature = r.IsDBNull(5) ? null : new Signature(r.GetFieldValue<byte[]>(5)),
        Slot = (ulong)r.GetInt64(6),
        ProfitLamports = r.GetInt64(7),
        CostLamports = (ulong)r.GetInt64(8),
        Confidence = r.IsDBNull(9) ? null : r.GetDouble(9),
        Flags = (OpportunityFlags)r.GetInt64(10),
        DetectedAt = GetInstant(r, 11),
        ExecutedAt = GetInstant(r, 12),
        Success = r.IsDBNull(13) ? null : r.GetBoolean(13),
        Outcome = (OutcomeStatus)r.GetInt16(14),
        Metadata = r.IsDBNull(15) ? "" : r.GetString(15),
        ActualCostLamports = r.IsDBNull(16) ? null : (ulong)r.GetInt64(16),
    };

    private static SwapSummary ReadSwap(NpgsqlDataReader r) => new(
        (VenueId)r.GetInt32(20),
        GetKey(r, 21),
        GetKey(r, 22),
        GetKey(r, 23),
        (ulong)r.GetInt64(24),
        (ulong)r.GetInt64(25),
        (byte)r.GetInt16(26),
        (byte)r.GetInt16(27));

    private static Pubkey GetKey(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? default : new Pubkey(reader.GetFieldValue<byte[]>(column));

    // The type has no zone; every instant in these tables is UTC.
    private static DateTimeOffset? GetInstant(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : new DateTimeOffset(DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc));

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        var command = connection.Command(sql);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.AddRange(parameters);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(map(reader));
        }

        return rows;
    }
}
