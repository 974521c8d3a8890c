using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Short forms for commands and appenders.</summary>
internal static class DuckDbCommands
{
    /// <param name="connection">An open connection.</param>
    /// <param name="sql">One or more statements of this package; never text from outside.</param>
    /// <returns>Rows changed by the last statement.</returns>
    public static int Execute(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are this package's own constants, with numbers put in.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteNonQuery();
    }

    /// <param name="connection">An open connection.</param>
    /// <param name="sql">A query of this package; never text from outside.</param>
    /// <returns>Whether it gives a row.</returns>
    public static bool Any(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are this package's own constants, with numbers put in.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() is not null;
    }

    public static DuckDBAppender Stage(this DuckDBConnection connection, string table)
    {
        connection.Execute("DELETE FROM temp." + table);
        return connection.CreateAppender("temp", "main", table);
    }

    /// <summary>Fills a temporary table with nothing but these rows.</summary>
    public static void Stage(this DuckDBConnection connection, string table, RowBuffer rows)
    {
        connection.Execute("DELETE FROM temp." + table);
        RowLoader.Load(connection, "temp", table, rows);
    }

    /// <summary>The appender takes a writable span and only reads it.</summary>
    public static IDuckDBAppenderRow AppendBytes(this IDuckDBAppenderRow row, ReadOnlySpan<byte> bytes) =>
        row.AppendValue(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(bytes), bytes.Length));
}
