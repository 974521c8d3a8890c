using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb;

public sealed partial class DuckDbStore : IHistoryStore
{
    /// <inheritdoc/>
    HistoryTier IHistoryStore.Tier => HistoryTier.Hot;

    /// <inheritdoc/>
    ValueTask<IReadOnlyList<HistorySpan>> IHistoryStore.GetSpansAsync(HistoryTable table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new([HistorySpan.All(table.Range)]);
    }

    /// <inheritdoc/>
    async IAsyncEnumerable<HistoryRow> IHistoryStore.ReadAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var statement = HistorySql.Write(query, DuckDbTables.Dialect);

        // The engine works where it is called, and gives its first row when nearly all is done: away from the caller's thread.
        var (connection, command, reader) = await Task.Run(() => Execute(statement, cancellationToken), cancellationToken).ConfigureAwait(false);
        using (connection)
        using (command)
        using (reader)
        using (cancellationToken.UnsafeRegister(static c => ((DuckDBCommand)c!).Cancel(), command))
        {
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return SqlRows.Read(reader, statement);
            }
        }
    }

    private (DuckDBConnection Connection, DuckDBCommand Command, DuckDBDataReader Reader) Execute(SqlStatement statement, CancellationToken cancellationToken)
    {
        EnsurePrepared();
        var connection = _database.Connect();
        DuckDBCommand? command = null;
        try
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by HistorySql: what comes from outside is a parameter.
            command.CommandText = statement.Text;
#pragma warning restore CA2100
            foreach (var parameter in statement.Parameters)
            {
                command.Parameters.Add(new DuckDBParameter(parameter.Value));
            }

            using (cancellationToken.UnsafeRegister(static c => ((DuckDBCommand)c!).Cancel(), command))
            {
                return (connection, command, command.ExecuteReader());
            }
        }
        catch (Exception e)
        {
            command?.Dispose();
            connection.Dispose();
            if (e is DuckDBException && cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("The question was given up.", e, cancellationToken);
            }

            throw;
        }
    }
}
