using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Runs the statement of a history question on a connection.</summary>
internal static class HistoryCommand
{
    /// <summary>Runs a statement; what it gives is in the engine's memory when the first row comes.</summary>
    /// <param name="connection">An open connection, which does nothing else; stays the caller's.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="cancellationToken">Gives up, in the engine too.</param>
    /// <returns>Rows as they are read.</returns>
    public static async IAsyncEnumerable<HistoryRow> ReadAsync(DuckDBConnection connection, SqlStatement statement, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by HistorySql: what comes from outside is a parameter.
        command.CommandText = statement.Text;
#pragma warning restore CA2100
        foreach (var parameter in statement.Parameters)
        {
            command.Parameters.Add(new DuckDBParameter(parameter.Value));
        }

        using var giveUp = cancellationToken.UnsafeRegister(static c => ((DuckDBCommand)c!).Cancel(), command);

        // The engine works where it is called, and gives its first row when nearly all is done: away from the caller's thread.
        using var reader = await Task.Run(() => Execute(command, cancellationToken), cancellationToken).ConfigureAwait(false);
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return SqlRows.Read(reader, statement);
        }
    }

    private static DuckDBDataReader Execute(DuckDBCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return command.ExecuteReader();
        }
        catch (DuckDBException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The question was given up.", e, cancellationToken);
        }
    }
}
