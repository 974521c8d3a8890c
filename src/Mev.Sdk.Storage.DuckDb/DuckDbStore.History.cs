using System.Buffers.Binary;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb;

public sealed partial class DuckDbStore
{
    private const int MaxRows = 10_000;

    /// <inheritdoc/>
    public long TransactionCount => Volatile.Read(ref _transactions);

    /// <inheritdoc/>
    public long OpportunityCount => Volatile.Read(ref _opportunities);

    /// <inheritdoc/>
    public long ObservedOpportunityCount => Volatile.Read(ref _observedOpportunities);

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public async ValueTask<IReadOnlyList<TransactionRow>> GetLatestTransactionsAsync(int limit, CancellationToken cancellationToken = default)
    {
        ThrowIfOutOfRange(limit);
        var sql = $"SELECT {HistoryRows.TransactionColumns} FROM transactions ORDER BY lsn DESC LIMIT {limit}";
        return await ReadAsync(c => HistoryRows.ReadTransactions(c, sql), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public async ValueTask<IReadOnlyList<OpportunityRow>> GetLatestOpportunitiesAsync(int limit, CancellationToken cancellationToken = default)
    {
        ThrowIfOutOfRange(limit);
        var sql = $"SELECT {HistoryRows.OpportunityColumns} FROM mev_opportunities ORDER BY lsn DESC LIMIT {limit}";
        return await ReadAsync(c => HistoryRows.ReadOpportunities(c, sql), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public async ValueTask<TransactionRow?> FindTransactionAsync(Signature signature, CancellationToken cancellationToken = default)
    {
        var bytes = Signature.AsSpan(in signature);
        var prefix = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var sql = $"SELECT {HistoryRows.TransactionColumns} FROM transactions WHERE signature_prefix = {Number(prefix)} AND signature = unhex('{Convert.ToHexString(bytes)}')";
        var rows = await ReadAsync(c => HistoryRows.ReadTransactions(c, sql), cancellationToken).ConfigureAwait(false);
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public async ValueTask<IReadOnlyList<TransactionRow>> FindTransactionsAsync(TransactionQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ThrowIfOutOfRange(query.Limit);
        var sql = $"SELECT {HistoryRows.TransactionColumns} FROM transactions WHERE {TransactionSql.Where(query)} ORDER BY lsn DESC LIMIT {query.Limit}";
        return await ReadAsync(c => HistoryRows.ReadTransactions(c, sql), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public async ValueTask<IReadOnlyList<OpportunityRow>> FindOpportunitiesAsync(Signature signature, CancellationToken cancellationToken = default)
    {
        var bytes = Signature.AsSpan(in signature);
        var prefix = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var sql = $"SELECT {HistoryRows.OpportunityColumns} FROM mev_opportunities WHERE signature_prefix = {Number(prefix)} AND signature = unhex('{Convert.ToHexString(bytes)}') ORDER BY lsn LIMIT 100";
        return await ReadAsync(c => HistoryRows.ReadOpportunities(c, sql), cancellationToken).ConfigureAwait(false);
    }

    private static void ThrowIfOutOfRange(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxRows);
    }
}
