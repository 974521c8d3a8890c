using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Storage.Tests.Archive.Objects;
using Mev.Sdk.Storage.Tests.Queries;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb.Tests.Parquet;

public sealed class ParquetTierTests : IDisposable
{
    private static readonly TierPartition Day = new(HistoryRange.Slot, 1000);

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _blobs;

    public ParquetTierTests() => _blobs = new FolderBlobStore(_folder.Combine("blobs"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Tables => [.. HistoryTables.All.Select(static table => table.Name)];

    public void Dispose()
    {
        _blobs.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Rows_of_every_table_come_back_to_the_byte(string name)
    {
        var table = HistoryTables.All.Single(t => t.Name == name);
        using var tier = new ParquetTier(_blobs, new ParquetTierOptions { RowGroupRows = 1024 });
        using var rows = HistoryData.Generate(table, new Random(3), 3000, extremes: true);

        var bytes = await tier.WriteAsync(table, Day, "part/one", Pieces(rows, 700), Token);

        var read = await ReadAsync(tier, table, "part/one");
        Assert.Equal(Rows(rows).Order(), read.Order());
        Assert.Equal(new FileInfo(_folder.Combine("blobs", "warm", "part", "one.parquet")).Length, bytes);
        Assert.Equal(["part/one"], await tier.ListAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Row_groups_are_in_the_order_of_the_table()
    {
        var table = HistoryTables.LabelLegs;
        using var tier = new ParquetTier(_blobs);
        using var rows = HistoryData.Generate(table, new Random(4), 500, extremes: true);
        await tier.WriteAsync(table, Day, "one", Pieces(rows, 100), Token);

        var expected = HistoryData.Decode(rows).OrderBy(r => r[table.RangeColumn!.Ordinal].AsInteger());
        expected = table.KeyColumns.Aggregate(expected, static (order, key) => order.ThenBy(r => r[key.Ordinal].AsInteger()));

        using var read = await CollectAsync(tier, table, "one");
        Assert.Equal(expected, HistoryData.Decode(read));
    }

    [Fact]
    public async Task Part_without_rows_is_a_part()
    {
        using var tier = new ParquetTier(_blobs);
        await tier.WriteAsync(HistoryTables.Slots, Day, "none", AsyncEnumerable.Empty<RowBuffer>(), Token);

        Assert.Empty(await ReadAsync(tier, HistoryTables.Slots, "none"));
    }

    [Fact]
    public async Task Part_is_removed_and_not_found_after_and_a_name_is_given_once()
    {
        using var tier = new ParquetTier(_blobs);
        using var rows = HistoryData.Generate(HistoryTables.Slots, new Random(1), 10, extremes: false);
        await tier.WriteAsync(HistoryTables.Slots, Day, "a", Pieces(rows, 5), Token);
        await Assert.ThrowsAsync<BlobConditionFailedException>(async () => await tier.WriteAsync(HistoryTables.Slots, Day, "a", Pieces(rows, 5), Token));

        await tier.RemoveAsync("a", Token);
        await tier.RemoveAsync("a", Token);

        Assert.Empty(await tier.ListAsync(Token).ToListAsync(Token));
        await Assert.ThrowsAsync<BlobNotFoundException>(async () => await ReadAsync(tier, HistoryTables.Slots, "a"));
    }

    [Fact]
    public async Task Rows_that_fail_leave_nothing_and_say_why()
    {
        using var tier = new ParquetTier(_blobs);
        using var rows = HistoryData.Generate(HistoryTables.Slots, new Random(1), 10, extremes: false);

        var failed = await Assert.ThrowsAsync<InvalidOperationException>(async () => await tier.WriteAsync(HistoryTables.Slots, Day, "a", Failing(rows), Token));

        Assert.Equal("the source is gone", failed.Message);
        Assert.Empty(await tier.ListAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Store_that_is_full_is_what_is_said()
    {
        var blobs = new MemoryBlobStore { OnWrite = static _ => throw new IOException("No space left.") };
        using var tier = new ParquetTier(blobs, new ParquetTierOptions { CacheDirectory = _folder.Combine("cache") });
        using var rows = HistoryData.Generate(HistoryTables.Transactions, new Random(1), 3000, extremes: false);

        var failed = await Assert.ThrowsAsync<IOException>(async () => await tier.WriteAsync(HistoryTables.Transactions, Day, "a", Repeated(rows, 300), Token));

        Assert.Equal("No space left.", failed.Message);
    }

    [Fact]
    public async Task Damaged_part_is_refused_or_has_another_sum()
    {
        using var tier = new ParquetTier(_blobs);
        using var rows = HistoryData.Generate(HistoryTables.MevOpportunities, new Random(5), 400, extremes: true);
        await tier.WriteAsync(HistoryTables.MevOpportunities, Day, "a", Pieces(rows, 400), Token);
        var path = _folder.Combine("blobs", "warm", "a.parquet");
        var whole = await File.ReadAllBytesAsync(path, Token);
        var expected = default(RowSum).Add(rows);
        var random = new Random(6);
        for (var i = 0; i < 60; i++)
        {
            var damaged = whole.ToArray();
            if (i % 10 == 0)
            {
                damaged = damaged[..random.Next(damaged.Length)];
            }
            else
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            File.Delete(path);
            await File.WriteAllBytesAsync(path, damaged, Token);
            var failed = await Record.ExceptionAsync(async () => await ReadAsync(tier, HistoryTables.MevOpportunities, "a"));
            if (failed is null)
            {
                using var read = await CollectAsync(tier, HistoryTables.MevOpportunities, "a");
                Assert.True(default(RowSum).Add(read) != expected || Rows(read).Order().SequenceEqual(Rows(rows).Order()), $"Damage {i} was not seen.");
            }
            else
            {
                Assert.Contains("'a'", Assert.IsType<InvalidDataException>(failed).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Store_that_is_no_folder_is_read_through_a_cache_that_stays_within_its_bounds()
    {
        var blobs = new MemoryBlobStore();
        var cache = _folder.Combine("cache");
        using var tier = new ParquetTier(blobs, new ParquetTierOptions { CacheDirectory = cache, CacheMegabytes = 64 });
        using var rows = HistoryData.Generate(HistoryTables.Slots, new Random(1), 100, extremes: true);
        for (var i = 0; i < 4; i++)
        {
            await tier.WriteAsync(HistoryTables.Slots, Day, $"part{i}", Pieces(rows, 50), Token);
        }

        foreach (var part in new[] { "part0", "part1", "part0", "part0" })
        {
            Assert.Equal(Rows(rows).Order(), (await ReadAsync(tier, HistoryTables.Slots, part)).Order());
        }

        Assert.Equal(2, blobs.Reads);
        Assert.Equal(2, Directory.GetFiles(cache, "*.parquet").Length);
        await tier.RemoveAsync("part0", Token);
        Assert.Single(Directory.GetFiles(cache, "*.parquet"));
    }

    [Fact]
    public async Task Cache_makes_room_by_use_and_refuses_what_does_not_fit_beside_what_is_in_use()
    {
        var blobs = new MemoryBlobStore();
        foreach (var name in new[] { "a", "b", "c" })
        {
            blobs[name] = new byte[100];
        }

        blobs["big"] = new byte[300];
        using var files = new ParquetFiles(blobs, _folder.Combine("cache"), maxBytes: 250);
        using (await files.OpenAsync("a", Token))
        {
        }

        using (var b = await files.OpenAsync("b", Token))
        using (var c = await files.OpenAsync("c", Token))
        {
            Assert.True(File.Exists(b.Path) && File.Exists(c.Path));
            Assert.Equal(3, blobs.Reads);
            var refused = await Assert.ThrowsAsync<IOException>(async () => await files.OpenAsync("a", Token));
            Assert.Contains("CacheMegabytes", refused.Message, StringComparison.Ordinal);
        }

        using (await files.OpenAsync("a", Token))
        {
            Assert.Equal(4, blobs.Reads);
        }

        await Assert.ThrowsAsync<IOException>(async () => await files.OpenAsync("big", Token));
        await Assert.ThrowsAsync<BlobNotFoundException>(async () => await files.OpenAsync("none", Token));
    }

    [Fact]
    public void Cache_belongs_to_one()
    {
        var options = new ParquetTierOptions { CacheDirectory = _folder.Combine("cache") };
        using var one = new ParquetTier(new MemoryBlobStore(), options);

        Assert.Contains("CacheDirectory", Assert.Throws<IOException>(() => new ParquetTier(new MemoryBlobStore(), options)).Message, StringComparison.Ordinal);
        Assert.Contains("CacheDirectory", Assert.Throws<ArgumentException>(() => new ParquetTier(new MemoryBlobStore())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var wrong = new ParquetTierOptions { Prefix = "/", CacheMegabytes = 1, MemoryMegabytes = 1, Threads = 0, RowGroupRows = 1, CompressionLevel = 0 };

        Assert.Equal(
            ["Prefix", "CacheMegabytes", "MemoryMegabytes", "Threads", "RowGroupRows", "CompressionLevel"],
            wrong.Validate().Select(static problem => problem.Split(' ')[0].Split(':')[^1]));
        Assert.Throws<ArgumentException>(() => new ParquetTier(_blobs, wrong));
        using var pattern = new FolderBlobStore(_folder.Combine("a*b"));
        Assert.Contains('*', Assert.Throws<ArgumentException>(() => new ParquetTier(pattern)).Message);
    }

    internal static async IAsyncEnumerable<RowBuffer> Pieces(RowBuffer rows, int size)
    {
        using var piece = new RowBuffer(rows.Table);
        foreach (var some in Raw(rows).Chunk(size))
        {
            await Task.Yield();
            piece.Clear();
            Array.ForEach(some, row => piece.AddRow(row));
            yield return piece;
        }
    }

    private static async IAsyncEnumerable<RowBuffer> Repeated(RowBuffer rows, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Yield();
            yield return rows;
        }
    }

    private static async IAsyncEnumerable<RowBuffer> Failing(RowBuffer rows)
    {
        await Task.Yield();
        yield return rows;
        throw new InvalidOperationException("the source is gone");
    }

    private static async Task<List<string>> ReadAsync(ParquetTier tier, HistoryTable table, string name)
    {
        using var rows = await CollectAsync(tier, table, name);
        return Rows(rows);
    }

    private static async Task<RowBuffer> CollectAsync(ParquetTier tier, HistoryTable table, string name)
    {
        var all = new RowBuffer(table);
        await foreach (var rows in tier.ReadAsync(table, name, Token))
        {
            all.AddRows(rows.Bytes);
        }

        return all;
    }

    private static List<string> Rows(RowBuffer rows) => [.. Raw(rows).Select(Convert.ToHexString)];

    private static List<byte[]> Raw(RowBuffer rows)
    {
        var found = new List<byte[]>();
        for (var reader = rows.Read(); reader.NextRow();)
        {
            found.Add(reader.Row.ToArray());
        }

        return found;
    }
}
