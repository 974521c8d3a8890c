using Mev.Sdk.Storage.Tests;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Storage.Columnar.Tests;

public sealed class ExporterTests : IDisposable
{
    private const string Common = "281474976710657|1|1|1|77";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<RecordTable, string, string> Tables => new()
    {
        { RecordTable.Transactions, nameof(RecordFrames.Transaction), "S1|5|6000000000|4|12|K2|13|7|8|9|10|11|14|15|17|16|1|18|19|1|3|K22|K24|K25|26|27|6|9" },
        { RecordTable.Swaps, nameof(RecordFrames.Transaction), "S1|5|12|0|31|32|3|1|K21|K22|K23|K24|K25|26|27|28|29|30|6|9" },
        { RecordTable.Opportunities, nameof(RecordFrames.Opportunity), "4|2|11|S1|5|K2|K3|-7|8|9|14|0.5|12|6|null|{}" },
        { RecordTable.Outcomes, nameof(RecordFrames.Outcome), "2|S1|3|4|-5|6|7|2|late" },
        { RecordTable.Blocks, nameof(RecordFrames.Block), "4|3|5|6000000000|7|3|K1|K2|null" },
        { RecordTable.Slots, nameof(RecordFrames.Slot), "4|3|5|2" },
        { RecordTable.Accounts, nameof(RecordFrames.Account), "K1|K2|S3|4|5|6|18446744073709551615|2|1|0102" },
        { RecordTable.Nodes, nameof(RecordFrames.Node), "K1|K2|3|4|5|6|7|8|9|10|11|2|12|n|v2|adr" },
        { RecordTable.Strategies, nameof(RecordFrames.Strategy), "1|1|2|3|4|5|6|7|-8|9|s|{}" },
        { RecordTable.Metrics, nameof(RecordFrames.Metric), "2|m|1.5|t" },
        { RecordTable.Gaps, nameof(RecordFrames.Gap), "5|1|2|3|4|1|6|7|8|9|2|why" },
        { RecordTable.Labels, nameof(RecordFrames.Label), "1|2|3|-4|0.25|1|5|6|1|ev" },
        { RecordTable.LabelLegs, nameof(RecordFrames.Label), "1|0|S1|2|3|4|1" },
        { RecordTable.Predictions, nameof(RecordFrames.Prediction), "3|0.5|0.25|2|0.75|1|m1" },
        { RecordTable.ParameterChanges, nameof(RecordFrames.ParameterChange), "33323130-3534-3736-3839-616263646566|4|1|5|2|1|3|null|{}|a|why" },
        { RecordTable.Audit, nameof(RecordFrames.Audit), "1|1|a|bc|def|ghij" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Every_field_of_a_record_stands_in_its_column(RecordTable table, string record, string expected)
    {
        var path = _folder.Combine("x.parquet");

        await new ParquetExporter().ExportAsync(Records(FrameOf(record)), table, path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal($"{Common}|{expected}", string.Join('|', DuckDb.Read(path)[0].Select(Short)));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Other_kinds_of_record_are_left_out_of_a_table(RecordTable table, string record, string expected)
    {
        string[] all = [.. Tables.Select(static row => row.Data.Item2).Distinct()];
        var frames = all.Select(FrameOf).ToArray();

        var result = await new ParquetExporter().ExportAsync(Records(frames), table, _folder.Combine("x.parquet"), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(all.Length, result.RecordsRead);
        Assert.Equal(table is RecordTable.LabelLegs or RecordTable.Predictions ? 2 : 1, result.Rows);
        Assert.NotEmpty(expected);
        Assert.Contains(record, all);
    }

    [Fact]
    public async Task Table_of_records_loses_nothing()
    {
        var frames = Tables.Select(static row => FrameOf(row.Data.Item2)).ToArray();
        var path = _folder.Combine("x.parquet");

        await new ParquetExporter().ExportAsync(Records(frames), RecordTable.Records, path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(frames.Select(Convert.ToHexString).Order(StringComparer.Ordinal), DuckDb.Read(path).Select(static row => row[^1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Raw_bytes_come_along_when_asked_for()
    {
        var path = _folder.Combine("x.parquet");

        await new ParquetExporter(new ColumnarOptions { IncludeRaw = true }).ExportAsync(
            Records(RecordFrames.Transaction()), RecordTable.Transactions, path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["AABBCC", "DDEE"], DuckDb.Read(path).Single()[^2..]);
    }

    [Fact]
    public async Task Rows_are_sorted_by_slot_and_then_by_lsn()
    {
        ulong[] slots = [9, 3, 9, 3, 1];
        var path = _folder.Combine("x.parquet");

        await new ParquetExporter().ExportAsync(
            Records([.. slots.Select((slot, i) => RecordFrames.Transaction((ulong)i + 1, slot, swaps: 0))]), RecordTable.Transactions, path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            ["1|5", "3|2", "3|4", "9|1", "9|3"],
            DuckDb.Query($"SELECT slot, lsn - (1::UBIGINT << 48) FROM read_parquet('{path}', file_row_number = true) ORDER BY file_row_number").Select(static row => string.Join('|', row)));
    }

    [Theory]
    [InlineData(0, 0, 0, 0, 10)]
    [InlineData(3, 0, 0, 0, 8)]
    [InlineData(0, 4, 0, 0, 4)]
    [InlineData(3, 4, 0, 0, 2)]
    [InlineData(0, 0, 104, 0, 7)]
    [InlineData(0, 0, 0, 103, 3)]
    [InlineData(0, 0, 104, 105, 2)]
    [InlineData(0, 0, 500, 600, 0)]
    public async Task Range_takes_what_lies_in_it(ulong first, ulong last, ulong firstSlot, ulong lastSlot, int expected)
    {
        var range = new ExportRange
        {
            FirstLsn = first == 0 ? Lsn.None : Lsn.Create(1, first), LastLsn = last == 0 ? Lsn.None : Lsn.Create(1, last), FirstSlot = firstSlot, LastSlot = lastSlot,
        };
        var frames = Enumerable.Range(1, 10).Select(static i => RecordFrames.Transaction((ulong)i, 100 + (ulong)i)).ToArray();
        var log = new StreamLog(frames);

        var direct = await new ParquetExporter().ExportAsync(Records(frames), RecordTable.Transactions, _folder.Combine("a.parquet"), range, cancellationToken: TestContext.Current.CancellationToken);
        var ofLog = await new ParquetExporter().ExportAsync(log, RecordTable.Transactions, _folder.Combine("b.parquet"), range, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected, direct.Rows);
        Assert.Equal(expected, ofLog.Rows);
        Assert.Equal(expected, DuckDb.Read(_folder.Combine("b.parquet")).Count);
        Assert.Equal(new FileInfo(_folder.Combine("a.parquet")).Length, direct.Bytes);
        Assert.Equal(expected == 0 ? 0 : 1, direct.RowGroups);
        Assert.Equal(last is 0 or > 6 ? log.Given : Math.Min(log.Given, 6), log.Given);
    }

    [Fact]
    public async Task Records_without_a_slot_are_no_part_of_a_slot_range()
    {
        var result = await new ParquetExporter().ExportAsync(
            Records(RecordFrames.Metric()), RecordTable.Metrics, _folder.Combine("x.parquet"), new ExportRange { LastSlot = 9 }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(0, result.Rows);
    }

    [Fact]
    public async Task Range_that_ends_before_it_begins_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await new ParquetExporter().ExportAsync(
            Records(RecordFrames.Metric()), RecordTable.Metrics, _folder.Combine("x.parquet"), new ExportRange { FirstSlot = 9, LastSlot = 8 }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Cancelled_export_leaves_no_file_and_keeps_the_one_before()
    {
        var path = _folder.Combine("x.parquet");
        await File.WriteAllTextAsync(path, "before", TestContext.Current.CancellationToken);
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new ParquetExporter(new ColumnarOptions { Overwrite = true, RowGroupRows = 2 }).ExportAsync(
            CancelAfter(3, cancellation), RecordTable.Metrics, path, cancellationToken: cancellation.Token));

        Assert.Equal("before", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task File_that_is_there_is_replaced_only_when_that_is_allowed()
    {
        var path = _folder.Combine("x.parquet");
        await File.WriteAllTextAsync(path, "before", TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<IOException>(async () => await new ParquetExporter().ExportAsync(
            Records(RecordFrames.Metric()), RecordTable.Metrics, path, cancellationToken: TestContext.Current.CancellationToken));
        await new ParquetExporter(new ColumnarOptions { Overwrite = true }).ExportAsync(
            Records(RecordFrames.Metric()), RecordTable.Metrics, path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("Overwrite", refused.Message, StringComparison.Ordinal);
        Assert.Single(DuckDb.Read(path));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Progress_is_told_while_it_goes_on()
    {
        var time = new TickingTime();
        var told = new List<ExportProgress>();
        using var output = new MemoryStream();

        var result = await new ParquetExporter(new ColumnarOptions { RowGroupRows = 2 }, time).ExportAsync(
            Records([.. Enumerable.Range(1, 9).Select(static i => RecordFrames.Metric((ulong)i))]), RecordTable.Metrics, output, progress: new Listener(told), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(9, result.Rows);
        Assert.Equal(5, result.RowGroups);
        Assert.Equal(output.Length, result.Bytes);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], told.Select(static one => one.RecordsRead));
        Assert.Equal(told.Select(static one => one.RecordsRead), told.Select(static one => one.Rows));
        Assert.True(told[^1].BytesWritten > told[0].BytesWritten);
        Assert.Equal(Lsn.Create(1, 9), told[^1].Lsn);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_key()
    {
        var options = new ColumnarOptions { RowGroupRows = 0, RowGroupMegabytes = 0, CompressionLevel = 23 };

        var refused = Assert.Throws<ArgumentException>(() => new ParquetExporter(options));

        Assert.All((string[])["Mev:Storage:Columnar:RowGroupRows", "Mev:Storage:Columnar:RowGroupMegabytes", "Mev:Storage:Columnar:CompressionLevel"], key => Assert.Contains(key, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Table_that_there_is_not_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await new ParquetExporter().ExportAsync(Records(RecordFrames.Metric()), (RecordTable)99, _folder.Combine("x.parquet"), cancellationToken: TestContext.Current.CancellationToken));

    internal static IAsyncEnumerable<Wire.RecordBatch> Records(params byte[][] frames) => Stream(frames).BatchesAsync(static () => 1);

    internal static RecordStream Stream(params byte[][] frames) => frames.Aggregate(new RecordStream(), static (stream, frame) => stream.AddFrame(frame));

    private static byte[] FrameOf(string kind) => kind switch
    {
        nameof(RecordFrames.Transaction) => RecordFrames.Transaction(),
        nameof(RecordFrames.Opportunity) => RecordFrames.Opportunity(),
        nameof(RecordFrames.Outcome) => RecordFrames.Outcome(),
        nameof(RecordFrames.Block) => RecordFrames.Block(),
        nameof(RecordFrames.Slot) => RecordFrames.Slot(),
        nameof(RecordFrames.Account) => RecordFrames.Account(),
        nameof(RecordFrames.Node) => RecordFrames.Node(),
        nameof(RecordFrames.Strategy) => RecordFrames.Strategy(),
        nameof(RecordFrames.Metric) => RecordFrames.Metric(),
        nameof(RecordFrames.Gap) => RecordFrames.Gap(),
        nameof(RecordFrames.Label) => RecordFrames.Label(),
        nameof(RecordFrames.Prediction) => RecordFrames.Prediction(),
        nameof(RecordFrames.ParameterChange) => RecordFrames.ParameterChange(),
        _ => RecordFrames.Audit(),
    };

    // Keys and signatures of the test kit are a number, zeros and a mark.
    private static string Short(string text) => text.Length switch
    {
        64 => $"K{Convert.ToInt32(text[..2], 16)}",
        128 => $"S{Convert.ToInt32(text[..2], 16)}",
        _ => text,
    };

    private static async IAsyncEnumerable<Wire.RecordBatch> CancelAfter(int count, CancellationTokenSource cancellation)
    {
        await foreach (var batch in Records([.. Enumerable.Range(1, 20).Select(static i => RecordFrames.Metric((ulong)i))]))
        {
            if (count-- == 0)
            {
                await cancellation.CancelAsync();
            }

            yield return batch;
        }
    }

    private sealed class Listener(List<ExportProgress> told) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => told.Add(value);
    }

    /// <summary>A second passes whenever somebody looks.</summary>
    private sealed class TickingTime : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }
}
