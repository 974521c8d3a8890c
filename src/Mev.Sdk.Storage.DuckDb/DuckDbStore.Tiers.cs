using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.DuckDb.Internal;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb;

public sealed partial class DuckDbStore : ITierSource
{
    /// <inheritdoc/>
    async ValueTask<IReadOnlyList<PartitionFacts>> ITierSource.GetPartitionsAsync(CancellationToken cancellationToken) => await ReadAsync(ReadFacts, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    async IAsyncEnumerable<RowBuffer> ITierSource.ReadAsync(HistoryTable table, TierPartition partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfOfOtherRange(table, partition);
        EnsurePrepared();
        using var buffer = new RowBuffer(table);
        using var connection = _database.Connect();
        using var transaction = connection.BeginTransaction();
        using var rows = PartitionScan.Read(connection, table, partition, buffer, cancellationToken).GetEnumerator();

        // The engine works where it is called: away from the caller's thread.
        while (await Task.Run(rows.MoveNext, cancellationToken).ConfigureAwait(false))
        {
            yield return buffer;
        }
    }

    /// <inheritdoc/>
    async ValueTask<bool> ITierSource.DeleteAsync(HistoryTable table, TierPartition partition, RowSum expected, CancellationToken cancellationToken)
    {
        ThrowIfOfOtherRange(table, partition);
        EnsurePrepared();
        using var connection = _database.Connect();
        using var transaction = connection.BeginTransaction();
        var found = await Task.Run(() => Sum(connection, table, partition, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (found != expected)
        {
            return false;
        }

        // The rows are added up beside the projection, as this transaction sees them; it only waits while they are deleted. What it changed of them meanwhile DuckDB finds to be in conflict, and
        // what it added is not seen here and stays.
        await _projecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Delete(connection, transaction, TierSql.Delete(table, partition), expected.Rows), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _projecting.Release();
        }
    }

    private static bool Delete(DuckDBConnection connection, DuckDBTransaction transaction, string sql, long rows)
    {
        try
        {
            if (connection.Execute(sql) != rows)
            {
                return false;
            }

            transaction.Commit();
            return true;
        }
        catch (DuckDBException e) when (e.ErrorType == DuckDB.NET.Native.DuckDBErrorType.Transaction || e.Message.Contains("onflict", StringComparison.Ordinal))
        {
            // A row has changed since it was added up.
            return false;
        }
    }

    private static RowSum Sum(DuckDBConnection connection, HistoryTable table, TierPartition partition, CancellationToken cancellationToken)
    {
        using var buffer = new RowBuffer(table);
        var sum = default(RowSum);
        foreach (var _ in PartitionScan.Read(connection, table, partition, buffer, cancellationToken))
        {
            sum = sum.Add(buffer);
        }

        return sum;
    }

    private static IReadOnlyList<PartitionFacts> ReadFacts(DuckDBConnection connection)
    {
        var gathered = new Dictionary<TierPartition, GatheredFacts>();
        ulong? rooted = null, newest = null;
        using var transaction = connection.BeginTransaction();
        foreach (var table in HistoryTables.All)
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by TierSql: names of the catalogue and numbers.
            command.CommandText = TierSql.Facts(table);
#pragma warning restore CA2100
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var partition = new TierPartition(table.Range, reader.GetInt64(0));
                gathered[partition] = gathered.GetValueOrDefault(partition).With(reader.GetInt64(1), Microseconds(reader, 2), Slot(reader, 3), reader.GetInt64(6));
                (rooted, newest) = (Later(rooted, Slot(reader, 4)), Later(newest, Slot(reader, 5)));
            }
        }

        // What is below a rooted slot is rooted or abandoned; a cluster roots within seconds, so where nobody told, a day of slots later will do.
        var settled = Math.Max(rooted ?? 0, newest is > TierPartition.SlotsPerDay ? newest.Value - TierPartition.SlotsPerDay : 0);
        return [.. gathered.Select(pair => pair.Value.ToFacts(pair.Key, settled))];
    }

    private static long? Microseconds(DuckDBDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    private static ulong? Slot(DuckDBDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<ulong>(column);

    private static ulong? Later(ulong? one, ulong? other) => one is null || other > one ? other ?? one : one;

    [SuppressMessage("Style", "IDE0051", Justification = "Called by the explicit implementations.")]
    private static void ThrowIfOfOtherRange(HistoryTable table, TierPartition partition)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Range != partition.Range)
        {
            throw new ArgumentException($"'{table.Name}' is not divided into partitions such as {partition}.", nameof(partition));
        }
    }
}
