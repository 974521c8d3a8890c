using System.Globalization;
using DuckDB.NET.Data;

namespace Mev.Sdk.Storage.Columnar.Tests;

/// <summary>Asks a real DuckDB.</summary>
internal static class DuckDb
{
    /// <summary>Rows as texts: bytes in hexadecimal digits, null as "null".</summary>
    public static List<string[]> Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read())
        {
            var row = new string[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? "null" : Text(reader.GetValue(i));
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>A file's rows: times as nanoseconds since the Unix epoch, bytes in hexadecimal digits.</summary>
    public static List<string[]> Read(string path)
    {
        var columns = Query($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{path}')").Select(static row => row[1] switch
        {
            "BLOB" => $"hex(\"{row[0]}\")",
            _ when row[1].StartsWith("TIMESTAMP", StringComparison.Ordinal) => $"epoch_ns(\"{row[0]}\"::TIMESTAMP_NS)",
            _ => $"\"{row[0]}\"",
        });
        return Query($"SELECT {string.Join(", ", columns)} FROM read_parquet('{path}', file_row_number = true) ORDER BY file_row_number");
    }

    private static string Text(object value) => value switch
    {
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
