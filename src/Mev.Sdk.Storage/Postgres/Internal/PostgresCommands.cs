using Npgsql;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Short forms for commands.</summary>
internal static class PostgresCommands
{
    /// <param name="connection">An open connection.</param>
    /// <param name="sql">One or more statements of this package; never text from outside.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Rows that the statements changed together.</returns>
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = connection.Command(sql);
        await using var _ = command.ConfigureAwait(false);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public static async Task<object?> ScalarAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = connection.Command(sql);
        await using var _ = command.ConfigureAwait(false);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    public static async Task<bool> AnyAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        await connection.ScalarAsync(sql, cancellationToken).ConfigureAwait(false) is not null;

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are this package's own constants, with numbers and checked names put in.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    /// <summary>Sends rows of binary COPY.</summary>
    /// <param name="connection">An open connection, in a transaction.</param>
    /// <param name="table">Their table.</param>
    /// <param name="columns">The columns that each row has, in its order.</param>
    /// <param name="parts">Whole rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task CopyAsync(this NpgsqlConnection connection, string table, string columns, IEnumerable<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        var stream = await connection.BeginRawBinaryCopyAsync($"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)", cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(CopyBuffer.Header, cancellationToken).ConfigureAwait(false);
            foreach (var part in parts)
            {
                await stream.WriteAsync(part, cancellationToken).ConfigureAwait(false);
            }

            await stream.WriteAsync(CopyBuffer.Trailer, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Disposing it would make PostgreSQL take what has arrived.
            await stream.CancelAsync().ConfigureAwait(false);
            throw;
        }

        await stream.DisposeAsync().ConfigureAwait(false);
    }
}
