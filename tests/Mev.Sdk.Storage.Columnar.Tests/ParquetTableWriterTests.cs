using FsCheck.Xunit;
using Mev.Sdk.Storage.Tests;

namespace Mev.Sdk.Storage.Columnar.Tests;

public sealed class ParquetTableWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 25)]
    public void File_read_by_DuckDb_has_the_rows_in_their_order(int seed, ushort count, byte groups)
    {
        var rows = Sample.Make(seed, count % 3000);
        var size = Math.Max(1, rows.Count / (1 + (groups % 5)));

        var read = DuckDb.Read(Write(rows, new ColumnarOptions { RowGroupRows = size }));

        var expected = rows.Chunk(size).SelectMany(static chunk => chunk.OrderBy(static row => row.Slot).ThenBy(static row => row.Lsn)).Select(static row => string.Join('|', row.Texts));
        Assert.Equal(expected, read.Select(static row => string.Join('|', row)));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(120_000)]
    public void Values_of_many_pages_and_of_few_come_back(int count)
    {
        var rows = Sample.Make(7, count);

        var read = DuckDb.Query($"SELECT count(*), sum(slot), sum(wide), sum(signed::HUGEINT), count(DISTINCT key), sum(octet_length(data)), min(lsn), max(lsn) FROM '{Write(rows, new ColumnarOptions())}'").Single();

        Assert.Equal(
            [
                $"{rows.Count}", $"{rows.Sum(static row => (decimal)row.Slot)}", $"{rows.Sum(static row => (decimal)row.Wide)}", $"{rows.Sum(static row => (decimal)row.Signed)}",
                $"{rows.Where(static row => row.Key > 0).Select(static row => row.Key).Distinct().Count()}", $"{rows.Sum(static row => row.Data.Length)}", "0", $"{count - 1}",
            ],
            read);
    }

    [Fact]
    public void Metadata_holds_bounds_nulls_sorting_and_compression()
    {
        var rows = Sample.Make(3, 1000);
        var path = Write(rows, new ColumnarOptions { RowGroupRows = 400 });

        var slots = DuckDb.Query($"SELECT row_group_id, row_group_num_rows, stats_min_value, stats_max_value, stats_null_count, compression, type FROM parquet_metadata('{path}') WHERE path_in_schema = 'slot' ORDER BY 1");
        var keys = DuckDb.Query($"SELECT stats_null_count, stats_min_value IS NOT NULL FROM parquet_metadata('{path}') WHERE path_in_schema = 'key' ORDER BY row_group_id");

        Assert.Equal(
            rows.Chunk(400).Select((chunk, i) => $"{i}|{chunk.Length}|{chunk.Min(static row => row.Slot)}|{chunk.Max(static row => row.Slot)}|0|ZSTD|INT64"),
            slots.Select(static row => string.Join('|', row)));
        Assert.Equal(rows.Chunk(400).Select(static chunk => $"{chunk.Count(static row => row.Key == 0)}|true"), keys.Select(static row => string.Join('|', row)));
    }

    [Fact]
    public void Row_groups_outside_a_filter_are_not_read()
    {
        var rows = Enumerable.Range(0, 1000).Select(static i => Sample.Make(i, 1)[0] with { Slot = (ulong)i, Lsn = (ulong)i }).ToList();
        var path = Write(rows, new ColumnarOptions { RowGroupRows = 100 });

        // The engine's own profile says how many rows a scan gave to the filter behind it.
        var plan = string.Join('\n', DuckDb.Query($"EXPLAIN ANALYZE SELECT lsn FROM '{path}' WHERE slot BETWEEN 250 AND 260").SelectMany(static row => row));
        var found = DuckDb.Query($"SELECT count(*) FROM '{path}' WHERE slot BETWEEN 250 AND 260").Single();

        Assert.Equal("11", found[0]);
        Assert.Contains("slot>=250", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_are_none_leave_the_bounds_out()
    {
        var rows = Sample.Make(1, 20).Select(static (row, i) => i == 11 ? row with { Double = double.NaN, Single = float.NaN } : row).ToList();

        var path = Write(rows, new ColumnarOptions());

        Assert.Equal(["true", "true"], DuckDb.Query($"SELECT stats_max_value IS NULL FROM parquet_metadata('{path}') WHERE path_in_schema IN ('single', 'double')").Select(static row => row[0]));
        Assert.Equal("1", DuckDb.Query($"SELECT count(*) FROM '{path}' WHERE isnan(\"double\")").Single()[0]);
    }

    [Fact]
    public void Long_texts_have_no_bounds()
    {
        var rows = Sample.Make(1, 20).Select(static row => row with { Name = new string('x', 100) }).ToList();

        Assert.Equal("true", DuckDb.Query($"SELECT stats_max_value IS NULL FROM parquet_metadata('{Write(rows, new ColumnarOptions())}') WHERE path_in_schema = 'name'").Single()[0]);
    }

    [Fact]
    public void File_without_rows_has_its_columns()
    {
        var path = Write([], new ColumnarOptions());

        Assert.Empty(DuckDb.Read(path));
        Assert.Equal(Sample.Schema.Columns.Select(static column => column.Name), DuckDb.Query($"SELECT column_name FROM (DESCRIBE SELECT * FROM '{path}')").Select(static row => row[0]));
    }

    [Fact]
    public void Row_group_ends_where_its_bytes_do()
    {
        using var output = new MemoryStream();
        using var writer = new ParquetTableWriter<Sample>(output, Sample.Schema, new ColumnarOptions { RowGroupMegabytes = 1 });
        var row = Sample.Make(1, 1)[0] with { Data = new byte[600_000] };

        writer.Add(in row);
        Assert.False(writer.IsFull);
        writer.Add(in row);

        Assert.True(writer.IsFull);
        Assert.Equal(2, writer.Rows);
        Assert.Equal(0, writer.Length);
    }

    private string Write(List<Sample> rows, ColumnarOptions options)
    {
        var path = _folder.Combine($"{Guid.NewGuid():N}.parquet");
        using var file = File.Create(path);
        using var writer = new ParquetTableWriter<Sample>(file, Sample.Schema, options);
        foreach (var row in rows)
        {
            writer.Add(in row);
            if (writer.IsFull)
            {
                writer.FlushAsync(TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult();
            }
        }

        writer.CompleteAsync(TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult();
        Assert.Equal(rows.Count, writer.Rows);
        Assert.Equal(file.Length, writer.Length);
        return path;
    }
}
