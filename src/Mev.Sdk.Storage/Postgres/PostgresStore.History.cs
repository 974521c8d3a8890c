using Mev.Sdk.Storage.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Mev.Sdk.Storage.Postgres;

public sealed partial class PostgresStore
{
    private const int MaxRows = 10_000;

    /// <inheritdoc/>
    /// <remarks>As of the last transaction of this process's projector; in a process without one, as of the last time anything was read.</remarks>
    public long TransactionCount => Volatile.Read(ref _transactions);

    /// <inheritdoc/>
    public long OpportunityCount => Volatile.Read(ref _opportunities);

    /// <inheritdoc/>
    public long ObservedOpportunityCount => Volatile.Read(ref _observedOpportunities);

    /// <inheritdoc/>
    /// <exception cref="IOException">No server can be reached.</exception>
    /// <exception cref="NpgsqlException">The database refused or went away.</exception>
    public async ValueTask<IReadOnlyList<TransactionRow>> GetLatestTransactionsAsync(int limit, CancellationToken cancellationToken = default) =>
        await FindTransactionsAsync(new TransactionQuery { Limit = limit }, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <exception cref="IOException">No server can be reached.</exception>
    /// <exception cref="NpgsqlException">The database refused or went away.</exception>
    public async ValueTask<IReadOnlyList<OpportunityRow>> GetLatestOpportunitiesAsync(int limit, CancellationToken cancellationToken = default)
    {
        ThrowIfOutOfRange(limit);
        var connection = await ReadAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        return await HistoryRows.ReadOpportunitiesAsync(connection, HistorySql.LatestOpportunities(limit, HasGreatLsns), [], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">No server can be reached.</exception>
    /// <exception cref="NpgsqlException">The database refused or went away.</exception>
    public async ValueTask<TransactionRow?> FindTransactionAsync(Signature signature, CancellationToken cancellationToken = default)
    {
        var connection = await ReadAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var rows = await HistoryRows.ReadTransactionsAsync(connection, HistorySql.FindTransaction, Halves(in signature), cancellationToken).ConfigureAwait(false);
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">No server can be reached.</exception>
    /// <exception cref="NpgsqlException">The database refused or went away.</exception>
    public async ValueTask<IReadOnlyList<TransactionRow>> FindTransactionsAsync(TransactionQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ThrowIfOutOfRange(query.Limit);
        HistorySql.Check(query);
        var connection = await ReadAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var ids = await FindKeysAsync(connection, query, cancellationToken).ConfigureAwait(false);
        return ids is null ? [] : await HistoryRows.ReadTransactionsAsync(connection, HistorySql.FindTransactions(query, ids, HasGreatLsns), [], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">No server can be reached.</exception>
    /// <exception cref="NpgsqlException">The database refused or went away.</exception>
    public async ValueTask<IReadOnlyList<OpportunityRow>> FindOpportunitiesAsync(Signature signature, CancellationToken cancellationToken = default)
    {
        var connection = await ReadAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        return await HistoryRows.ReadOpportunitiesAsync(connection, HistorySql.FindOpportunities, Halves(in signature), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether LSNs can be beyond the signed numbers: a database has the rows of one log, and its id is in the checkpoint.</summary>
    private bool HasGreatLsns => (long)_checkpoint.Value < 0;

    // A process that projects nothing makes no tables, and learns of counts by reading.
    private async Task<NpgsqlConnection> ReadAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var connection = await _sources.ConnectForReadingAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_writer is null && _checkpoint == Lsn.None)
            {
                await ReadCountsAsync(connection, cancellationToken).ConfigureAwait(false);
            }

            return connection;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new IOException($"There are no tables yet at {_sources.Place}: a projector makes them when it starts.", e);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // With the ids in the statement, PostgreSQL knows whether they are common or rare, which decides between their index and the newest rows.
    private static async Task<Dictionary<Pubkey, int>?> FindKeysAsync(NpgsqlConnection connection, TransactionQuery query, CancellationToken cancellationToken)
    {
        Pubkey[] keys = [.. new[] { query.Payer, query.Mint, query.OtherMint }.OfType<Pubkey>().Distinct()];
        var ids = new Dictionary<Pubkey, int>();
        foreach (var key in keys)
        {
            var command = connection.Command("SELECT id FROM keys WHERE key = $1");
            await using var _ = command.ConfigureAwait(false);
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Pubkey.AsSpan(in key).ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea });
            if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not int id)
            {
                return null;
            }

            ids.Add(key, id);
        }

        return ids;
    }

    private static NpgsqlParameter[] Halves(in Signature signature)
    {
        var bytes = Signature.AsSpan(in signature);
        return
        [
            new NpgsqlParameter<long> { TypedValue = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes), NpgsqlDbType = NpgsqlDbType.Bigint },
            new NpgsqlParameter<byte[]> { TypedValue = bytes[8..].ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea },
        ];
    }

    private static void ThrowIfOutOfRange(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxRows);
    }
}
