using System.Globalization;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>The tables of the warm tier: those of the catalogue, each row tagged with the part that it belongs to, and a partition a part.</summary>
/// <remarks>
/// Apart from the tables that a projector fills: rows of these come whole and never change, a part is removed by dropping its partition, and which parts count the tier catalogue says, which the server does
/// not know.
/// </remarks>
internal static class TierTables
{
    /// <summary>The column that names the part.</summary>
    public const string Part = "part";

    private const string Prefix = "tier_";

    public static string NameOf(HistoryTable table) => Prefix + table.Name;

    /// <summary>Statements that make the tables; each can be run again.</summary>
    public static IEnumerable<string> Define(string database)
    {
        yield return $"CREATE DATABASE IF NOT EXISTS {database}";
        foreach (var table in HistoryTables.All)
        {
            var columns = table.Columns.Select(ColumnText.Define).Append($"{Part} String CODEC(ZSTD(1))");
            if (table == HistoryTables.Transactions || table == HistoryTables.MevOpportunities)
            {
                columns = columns.Append("INDEX by_signature signature TYPE bloom_filter(0.01) GRANULARITY 1");
            }

            // Rows are deleted elsewhere once they are here: they must outlive the power.
            yield return $"""
                CREATE TABLE IF NOT EXISTS {database}.{NameOf(table)}
                (
                    {string.Join(",\n    ", columns)}
                )
                ENGINE = MergeTree
                PARTITION BY {Part}
                ORDER BY ({string.Join(", ", table.OrderColumns.Select(static c => c.Name))})
                SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
                """;
        }
    }

    /// <summary>A page of a part's rows in the table's order.</summary>
    /// <param name="table">The table.</param>
    /// <param name="part">The part.</param>
    /// <param name="last">The last row of the page before; empty = from the beginning.</param>
    /// <param name="rows">Rows of a page.</param>
    public static string Page(HistoryTable table, string part, ReadOnlySpan<byte> last, int rows)
    {
        var order = string.Join(", ", table.OrderColumns.Select(static c => c.Name));
        var behind = last.IsEmpty ? "" : $" AND ({order}) > ({Key(table, last)})";
        return string.Create(CultureInfo.InvariantCulture, $"SELECT {Sql.Columns(table)} FROM {NameOf(table)} WHERE {Part} = {Literal(part)}{behind} ORDER BY {order} LIMIT {rows}");
    }

    /// <summary>A name of a part as a literal; names have letters, digits, hyphens, underscores and slashes only.</summary>
    public static string Literal(string part) =>
        BlobName.IsValid(part) && !part.AsSpan().ContainsAny('\'', '\\') ? $"'{part}'" : throw new ArgumentException($"'{part}' is no name of a part.", nameof(part));

    private static string Key(HistoryTable table, ReadOnlySpan<byte> row)
    {
        var values = new Dictionary<HistoryColumn, string>();
        var reader = new RowReader(table, row);
        reader.NextRow();
        foreach (var column in table.Columns)
        {
            if (!table.OrderColumns.Contains(column))
            {
                reader.Skip();
                continue;
            }

            var number = Convert.ToString(reader.ReadValue(), CultureInfo.InvariantCulture)!;
            values[column] = column.Type switch
            {
                ColumnType.Timestamp => $"fromUnixTimestamp64Micro(toInt64({number}), 'UTC')",
                ColumnType.UInt64 => $"toUInt64({number})",
                _ => number,
            };
        }

        return string.Join(", ", table.OrderColumns.Select(column => values[column]));
    }
}
