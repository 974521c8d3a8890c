using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Npgsql;

namespace Mev.Sdk.Storage.Postgres;

public sealed partial class PostgresStore : ITierSource
{
    private const int TierBufferBytes = 1 << 20;

    /// <inheritdoc/>
    /// <remarks>Of partitions above 64 MB rows are counted by the database's statistics, and the newest row is looked for among the last that were stored.</remarks>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    /// <exception cref="NpgsqlException">The database refused or went away.</exception>
    public async ValueTask<IReadOnlyList<PartitionFacts>> GetPartitionsAsync(CancellationToken cancellationToken)
    {
        var connection = await ConnectForTiersAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        await connection.ExecuteAsync(TierSql.Begin, cancellationToken).ConfigureAwait(false);
        return await new TierFacts(connection).GetAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>From the primary, in one snapshot: the rows are those that were there when the first was asked for.</remarks>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    /// <exception cref="NpgsqlException">The database refused or went away.</exception>
    public async IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, TierPartition partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        var connection = await ConnectForTiersAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        await connection.ExecuteAsync(TierSql.Begin, cancellationToken).ConfigureAwait(false);
        await foreach (var rows in ReadAsync(connection, table, partition, cancellationToken).ConfigureAwait(false))
        {
            yield return rows;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Nobody waits for it but who changes one of the rows. Rows that are stored while it works stay. When nothing is left in the table's partition, its files are emptied at once, unless somebody reads them.
    /// </remarks>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    /// <exception cref="NpgsqlException">The database refused or went away; whether the rows are deleted, the next call finds.</exception>
    public async ValueTask<bool> DeleteAsync(HistoryTable table, TierPartition partition, RowSum expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        var connection = await ConnectForTiersAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var layout = TableLayout.Of(table);
        try
        {
            await connection.ExecuteAsync(TierSql.Begin, cancellationToken).ConfigureAwait(false);
            var found = default(RowSum);
            await foreach (var rows in ReadAsync(connection, table, partition, cancellationToken).ConfigureAwait(false))
            {
                found = found.Add(rows);
            }

            if (found != expected)
            {
                return false;
            }

            await connection.ExecuteAsync(TierSql.Delete(layout, partition), cancellationToken).ConfigureAwait(false);
            if (layout == TableLayout.Transactions)
            {
                await connection.ExecuteAsync(TierSql.DeleteStages(partition), cancellationToken).ConfigureAwait(false);
            }

            await connection.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
        {
            // Somebody changed one of them behind the snapshot.
            return false;
        }

        await EmptyAsync(connection, layout, partition.Day, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // What was deleted takes room until somebody cleans up; a file that nothing is in can be cut off. The projector drops it when a day has passed.
    private static async Task EmptyAsync(NpgsqlConnection connection, TableLayout layout, long day, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(Partitions.Truncate(layout, day), cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UndefinedTable)
        {
            // Read just now, or a day without a partition of its own: autovacuum sees to it.
        }
    }

    private static async IAsyncEnumerable<RowBuffer> ReadAsync(NpgsqlConnection connection, HistoryTable table, TierPartition partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var rows = new RowBuffer(table);
        foreach (var sql in TierSql.Read(TableLayout.Of(table), partition))
        {
            var stream = await connection.BeginRawBinaryCopyAsync(sql, cancellationToken).ConfigureAwait(false);
            await using var _ = stream.ConfigureAwait(false);
            using var reader = new CopyReader(stream, table);
            while (await reader.ReadAsync(rows, TierBufferBytes, cancellationToken).ConfigureAwait(false))
            {
                yield return rows;
                rows.Clear();
            }
        }

        if (rows.RowCount > 0)
        {
            yield return rows;
        }
    }

    private async Task<NpgsqlConnection> ConnectForTiersAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return await _sources.ConnectAsync(cancellationToken).ConfigureAwait(false);
    }
}
