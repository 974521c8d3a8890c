using System.Globalization;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb.Tests;

/// <summary>Rows as the database has them, as text: what is the same reads the same.</summary>
internal static class TableRows
{
    /// <summary>Every reproducible column of a table in its order.</summary>
    public static List<string> Read(string path, HistoryTable table)
    {
        var columns = table.Columns.Where(static c => c.IsReproducible).Select(static c => c.Name);
        return Read(path, $"SELECT {string.Join(", ", columns)} FROM {table.Name} ORDER BY {string.Join(", ", table.OrderColumns.Select(static c => c.Name))}");
    }

    public static List<string> Read(string path, string sql)
    {
        using var connection = new DuckDBConnection("Data Source=" + path + ";memory_limit=1024MiB;threads=2");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader, i))));
        }

        return rows;
    }

    private static string Text(DuckDBDataReader reader, int column)
    {
        if (reader.IsDBNull(column))
        {
            return "null";
        }

        return reader.GetValue(column) switch
        {
            Stream stream => Hex(stream),
            DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static string Hex(Stream stream)
    {
        using (stream)
        {
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Convert.ToHexString(bytes);
        }
    }
}
