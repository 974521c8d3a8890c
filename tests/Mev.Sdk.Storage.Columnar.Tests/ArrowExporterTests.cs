using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Storage.Columnar.Tests;

public sealed class ArrowExporterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ArrowFormat.File)]
    [InlineData(ArrowFormat.Stream)]
    public async Task Batches_read_by_Arrow_have_the_values(ArrowFormat format)
    {
        var path = _folder.Combine("x.arrow");
        var frames = Enumerable.Range(1, 7).Select(static i => RecordFrames.Transaction((ulong)i, 100 - (ulong)i, swaps: i % 3)).ToArray();

        var result = await new ArrowExporter(new ColumnarOptions { RowGroupRows = 3, IncludeRaw = true }).ExportAsync(
            new StreamLog(frames), RecordTable.Transactions, path, format, cancellationToken: TestContext.Current.CancellationToken);

        var batches = await ReadAsync(path, format);
        Assert.Equal([3, 3, 1], batches.Select(static batch => batch.Length));
        Assert.Equal(7, result.Rows);
        Assert.Equal(3, result.RowGroups);
        Assert.Equal(new FileInfo(path).Length, result.Bytes);
        Assert.Equal([97UL, 98, 99, 94, 95, 96, 93], batches.SelectMany(static batch => ((UInt64Array)batch.Column("slot")).Values.ToArray()));
        var third = Make.Signature(3);
        Assert.Equal(Signature.AsSpan(in third).ToArray(), ((FixedSizeBinaryArray)batches[0].Column("signature")).GetBytes(0).ToArray());
        Assert.Equal(6_000_000_000, ((TimestampArray)batches[0].Column("block_time")).GetValue(0));
        Assert.Equal(new TimestampType(TimeUnit.Nanosecond, "UTC").Unit, ((TimestampType)batches[0].Schema.GetFieldByName("block_time").DataType).Unit);
        Assert.Equal([0, 2, 1], batches[0].Column("swap_count") is UInt16Array counts ? counts.Values.ToArray().Select(static count => (int)count) : []);
        Assert.True(batches[0].Column("pool").IsNull(0));
        Assert.False(batches[0].Column("pool").IsNull(1));
        Assert.Equal<byte>([0xAA, 0xBB, 0xCC], ((BinaryArray)batches[2].Column("wire")).GetBytes(0).ToArray());
    }

    [Fact]
    public async Task Booleans_and_texts_with_nulls_come_back()
    {
        using var output = new MemoryStream();
        var rows = Sample.Make(5, 300);
        using (var writer = new ArrowTableWriter<Sample>(output, Sample.Schema, ArrowFormat.Stream))
        {
            rows.ForEach(row => writer.Add(in row));
            await writer.CompleteAsync(TestContext.Current.CancellationToken);
            Assert.Equal(300, writer.Rows);
            Assert.Equal(output.Length, writer.Length);
        }

        output.Position = 0;
        using var reader = new ArrowStreamReader(output);
        var batch = await reader.ReadNextRecordBatchAsync(TestContext.Current.CancellationToken);
        var sorted = rows.OrderBy(static row => row.Slot).ThenBy(static row => row.Lsn).ToList();
        Assert.Equal(sorted.Select(static row => row.Flag), Enumerable.Range(0, 300).Select(i => ((BooleanArray)batch.Column("flag")).GetValue(i)));
        Assert.Equal(sorted.Select(static row => row.Name), Enumerable.Range(0, 300).Select(i => ((StringArray)batch.Column("name")).GetString(i)));
        Assert.Equal(sorted.Select(static row => row.Double), Enumerable.Range(0, 300).Select(i => ((DoubleArray)batch.Column("double")).GetValue(i)));
    }

    [Theory]
    [InlineData(ArrowFormat.File)]
    [InlineData(ArrowFormat.Stream)]
    public async Task Export_of_nothing_has_columns(ArrowFormat format)
    {
        var path = _folder.Combine("x.arrow");

        var result = await new ArrowExporter().ExportAsync(ExporterTests.Records(), RecordTable.Blocks, path, format, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(0, result.Rows);
        Assert.Empty(await ReadAsync(path, format));
        Assert.Equal("lsn", (await SchemaAsync(path, format)).FieldsList[0].Name);
    }

    [Fact]
    public async Task Stream_of_the_caller_stays_open()
    {
        using var output = new MemoryStream();

        await new ArrowExporter().ExportAsync(ExporterTests.Records(RecordFrames.Metric()), RecordTable.Metrics, output, ArrowFormat.Stream, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(output.CanWrite);
        Assert.True(output.Length > 0);
    }

    private static async Task<List<RecordBatch>> ReadAsync(string path, ArrowFormat format)
    {
        using var file = File.OpenRead(path);
        using var reader = format == ArrowFormat.File ? new ArrowFileReader(file) : new ArrowStreamReader(file);
        var batches = new List<RecordBatch>();
        while (await reader.ReadNextRecordBatchAsync(TestContext.Current.CancellationToken) is { } batch)
        {
            batches.Add(batch);
        }

        return batches;
    }

    private static async Task<Schema> SchemaAsync(string path, ArrowFormat format)
    {
        using var file = File.OpenRead(path);
        using var reader = format == ArrowFormat.File ? new ArrowFileReader(file) : new ArrowStreamReader(file);
        return await reader.GetSchema(TestContext.Current.CancellationToken);
    }
}
