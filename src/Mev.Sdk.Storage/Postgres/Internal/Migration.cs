using Npgsql;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Brings the tables to the version of this SDK, in one transaction: all of it or nothing.</summary>
internal static class Migration
{
    /// <param name="connection">The projector's, which holds the lock.</param>
    /// <param name="schema">The schema's name; checked by the options.</param>
    /// <param name="upTo">The version wanted; tests make earlier ones.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">The tables are of a later version.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, string schema, int upTo, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        if (!await connection.AnyAsync($"SELECT 1 FROM pg_namespace WHERE nspname = '{schema}'", cancellationToken).ConfigureAwait(false))
        {
            await connection.ExecuteAsync($"CREATE SCHEMA {schema}", cancellationToken).ConfigureAwait(false);
        }

        if (!await connection.AnyAsync($"SELECT 1 FROM pg_tables WHERE schemaname = '{schema}' AND tablename = 'schema_version'", cancellationToken).ConfigureAwait(false))
        {
            await connection.ExecuteAsync(Schema.CreateVersion, cancellationToken).ConfigureAwait(false);
        }

        var version = (int)(await connection.ScalarAsync("SELECT version FROM schema_version", cancellationToken).ConfigureAwait(false))!;
        var catalogue = (string)(await connection.ScalarAsync("SELECT catalogue FROM schema_version", cancellationToken).ConfigureAwait(false))!;
        if (version > Schema.Version)
        {
            throw new InvalidDataException(
                $"The tables in schema '{schema}' have version {version}, this version of the SDK knows {Schema.Version}: use the SDK that made them, or another schema (Mev:Storage:Postgres:Schema), which is filled again from the journal.");
        }

        if (version < upTo || catalogue != Schema.Catalogue)
        {
            await connection.ExecuteAsync(Schema.DropViews(), cancellationToken).ConfigureAwait(false);
            for (var step = version; step < upTo; step++)
            {
                await connection.ExecuteAsync(Schema.Steps[step], cancellationToken).ConfigureAwait(false);
            }

            await connection.ExecuteAsync(Schema.AddColumns() + Schema.CreateViews(), cancellationToken).ConfigureAwait(false);
            await connection.ExecuteAsync($"UPDATE schema_version SET version = {upTo}, catalogue = '{Schema.Catalogue}', changed = now() AT TIME ZONE 'UTC'", cancellationToken).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }
}
