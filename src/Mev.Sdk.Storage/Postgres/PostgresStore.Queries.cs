using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Mev.Sdk.Storage.Postgres;

public sealed partial class PostgresStore
{
    private static readonly StoreDialect Dialect = new();

    /// <inheritdoc/>
    public HistoryTier Tier => HistoryTier.Hot;

    /// <inheritdoc/>
    /// <remarks>With retention everything from the oldest partition on, else everything. What lies in the partition for the rest is not counted on then.</remarks>
    /// <exception cref="IOException">No server can be reached.</exception>
    /// <exception cref="NpgsqlException">The database refused or went away.</exception>
    public async ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        var all = HistorySpan.All(table.Range);
        if (_retentionDays == 0)
        {
            return [all];
        }

        var connection = await ReadAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var partitions = new Partitions(_ahead, _retentionDays);
        await partitions.LoadAsync(connection, cancellationToken).ConfigureAwait(false);
        var days = partitions.Days(TableLayout.Of(table));
        return days.Count == 0 ? [] : [all with { First = days.Min() * (Int128)(table.Range == HistoryRange.Slot ? (long)Schema.SlotsOfDay : TimeSpan.MicrosecondsPerDay) }];
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">No server can be reached.</exception>
    /// <exception cref="NpgsqlException">The database refused or went away.</exception>
    public async IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var statement = Queries.HistorySql.Write(query, Dialect);
        var connection = await ReadAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var command = connection.Command(statement.Text);
        await using var __ = command.ConfigureAwait(false);
        foreach (var parameter in statement.Parameters)
        {
            command.Parameters.Add(Parameter(parameter));
        }

        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var ___ = reader.ConfigureAwait(false);
        await foreach (var row in SqlRows.ReadAsync(reader, statement, cancellationToken).ConfigureAwait(false))
        {
            yield return row;
        }
    }

    private static NpgsqlParameter Parameter(SqlParameter parameter) => parameter.Value switch
    {
        long number => new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint },
        double number => new NpgsqlParameter<double> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Double },
        DateTime instant => new NpgsqlParameter<DateTime> { TypedValue = instant, NpgsqlDbType = NpgsqlDbType.Timestamp },
        byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes, NpgsqlDbType = NpgsqlDbType.Bytea },
        string text => new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text },
        var other => throw new InvalidOperationException($"The dialect made a parameter of type {other.GetType().Name}."),
    };
}
