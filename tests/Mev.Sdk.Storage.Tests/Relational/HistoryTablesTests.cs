using System.Globalization;
using System.Text;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tests.Relational;

public sealed class HistoryTablesTests
{
    [Fact]
    public void Every_table_has_what_stores_build_on()
    {
        Assert.Equal(15, HistoryTables.All.Count);
        Assert.Distinct(HistoryTables.All.Select(static t => t.Name));
        foreach (var table in HistoryTables.All)
        {
            Assert.Same(table, HistoryTables.Get(table.Name));
            Assert.Equal("lsn", table.KeyColumns[0].Name);
            Assert.NotNull(table.RangeColumn);
            Assert.False(table.RangeColumn.IsNullable);
            Assert.Equal(table.Range == HistoryRange.Slot ? ColumnType.UInt64 : ColumnType.Timestamp, table.RangeColumn.Type);
            Assert.Equal([table.RangeColumn, .. table.KeyColumns], table.OrderColumns);
            Assert.Equal(Enumerable.Range(0, table.Columns.Count), table.Columns.Select(static c => c.Ordinal));
            Assert.All(table.Columns, c =>
            {
                Assert.Matches("^[a-z_]+$", c.Name);
                Assert.EndsWith(".", c.Description, StringComparison.Ordinal);
                Assert.Same(c, table[c.Name]);
            });
            Assert.All(table.Columns.Where(static c => c.Type == ColumnType.Json), static c => Assert.True(c.IsNullable));
        }
    }

    [Fact]
    public void What_does_not_exist_is_told_with_what_does()
    {
        Assert.Contains("transactions", Assert.Throws<KeyNotFoundException>(static () => HistoryTables.Get("x")).Message, StringComparison.Ordinal);
        Assert.Contains("parent_slot", Assert.Throws<KeyNotFoundException>(static () => HistoryTables.Slots["x"]).Message, StringComparison.Ordinal);
    }

    // MEV_UPDATE_DOCS=1 writes it anew.
    [Fact]
    public void The_document_lists_every_table_and_column()
    {
        var path = Path.Combine(RepositoryRoot(), "docs", "history-tables.md");
        var expected = Document();
        if (Environment.GetEnvironmentVariable("MEV_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path));
    }

    private static string Document()
    {
        var text = new StringBuilder("""
            # The tables of the history

            One catalogue (`HistoryTables`) for DuckDB, PostgreSQL, ClickHouse and Parquet: the same tables, columns and meanings. A database may add
            columns of its own behind these. `lsn` identifies a row (with `ordinal`, where one record gives several rows), and finds the record itself
            in the journal or the archive. This file is written by a test from the catalogue (`MEV_UPDATE_DOCS=1`).

            Types: `Key` 32 and `Signature` 64 raw bytes; `Timestamp` microseconds since the Unix epoch, UTC; `Json` as its writer wrote it, and what was no
            JSON as a JSON string; floating-point numbers are finite. Times beyond the year 2299 count as unknown.

            Between programs rows travel as ClickHouse's RowBinary (`RowBuffer`): columns one behind another without padding; integers and floats
            little-endian; keys and signatures raw; `Bytes`, `Text` and `Json` with their length in bytes before them as LEB128; before a nullable column one
            byte, 1 = null and nothing follows.


            """.ReplaceLineEndings("\n"));
        foreach (var table in HistoryTables.All)
        {
            var range = table.Range == HistoryRange.Slot ? "slot" : "time";
            text.Append(CultureInfo.InvariantCulture, $"## {table.Name}\n{table.Description}\n\nA row is identified by {Names(table.KeyColumns)}, ordered and divided by {range} (`{table.RangeColumn!.Name}`).\n\n");
            text.Append("| column | type | what |\n|---|---|---|\n");
            foreach (var column in table.Columns)
            {
                var what = column.Description + (column.NullMeaning is { } meaning ? $" Null = {meaning}." : "") + (column.IsReproducible ? "" : " Differs when the table is built again.");
                text.Append(CultureInfo.InvariantCulture, $"| `{column.Name}` | {column.Type}{(column.IsNullable ? "?" : "")} | {what} |\n");
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string Names(IReadOnlyList<HistoryColumn> columns) => string.Join(" and ", columns.Select(static c => $"`{c.Name}`"));

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not run within the repository.");
        }

        return folder.FullName;
    }
}
