using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.DuckDb.Tests.Parquet;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Storage.Tests.Archive.Objects;
using Mev.Sdk.Storage.Tests.Queries;
using Mev.Sdk.Storage.Tiers;
using Mev.Sdk.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Storage.DuckDb.Tests.Cold;

/// <summary>Records of every kind, projected, moved to Parquet and then to the archive that was sealed of them: the same questions have the same answers at the end of the way.</summary>
public sealed class ArchiveHistoryStoreTests : IDisposable
{
    private const int Records = 900;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryBlobStore _objects = new();
    private readonly TierCatalogueStore _catalogue = new(new MemoryBlobStore());
    private readonly FakeTimeProvider _time = new(BufferSource.Start.AddDays(1));
    private readonly List<RowBuffer> _rows = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _rows.ForEach(static rows => rows.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task Cold_rows_have_the_answers_that_they_had_hot()
    {
        var cold = await CoolAsync();
        using var store = Store(cold);
        var planner = new HistoryPlanner([store]);
        var random = new Random(5);
        foreach (var rows in _rows.Where(static rows => HistoryDifference.Tables.Contains(rows.Table)))
        {
            // Days of time lie apart: each is decoded for by itself, for every question.
            var questions = HistoryDifference.QuestionsPerTable / (rows.Table.Range == HistoryRange.Slot ? 6 : 60);
            await HistoryDifference.CompareAsync(rows.Table, HistoryData.Decode(rows), planner, random, questions, Token);
        }

        Assert.Empty(store.Readings);
    }

    [Fact]
    public async Task Transaction_and_its_opportunities_are_found_by_signature_through_the_index()
    {
        var cold = await CoolAsync();
        using var store = Store(cold, maxRecords: 1000, lateRecords: 5000);
        var planner = new HistoryPlanner([store]);
        var transactions = HistoryData.Decode(_rows.Single(static rows => rows.Table == HistoryTables.Transactions));
        var at = HistoryTables.Transactions["signature"].Ordinal;
        var times = new List<double>();
        foreach (var row in transactions.Where(static (_, i) => i % 60 == 0))
        {
            var started = Stopwatch.GetTimestamp();
            var found = await planner.AskAsync(new HistoryQuery { Table = "transactions", Columns = ["lsn", "signature", "payer"], Filter = HistoryFilter.Equal("signature", row[at]) }, cancellationToken: Token);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Assert.Equal([row[0], row[at], row[HistoryTables.Transactions["payer"].Ordinal]], Assert.Single(found.Rows).Values.ToArray());
        }

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times.Count} look-ups, median {times[times.Count / 2]:F0} ms"));

        var opportunities = HistoryData.Decode(_rows.Single(static rows => rows.Table == HistoryTables.MevOpportunities));
        at = HistoryTables.MevOpportunities["signature"].Ordinal;
        var known = transactions.Select(static row => row[HistoryTables.Transactions["signature"].Ordinal]).ToHashSet();
        var one = opportunities.First(row => known.Contains(row[at]));
        var related = await planner.AskAsync(new HistoryQuery { Table = "mev_opportunities", Columns = ["lsn"], Filter = HistoryFilter.Equal("signature", one[at]), Order = [new("lsn")] }, cancellationToken: Token);
        Assert.Equal(opportunities.Where(row => row[at] == one[at]).Select(static row => row[0]).OrderBy(static lsn => lsn.AsInteger()), related.Rows.Select(static row => row[0]));
        Assert.Empty((await planner.AskAsync(new HistoryQuery { Table = "transactions", Filter = HistoryFilter.Equal("signature", TestStore.Sign(99_999_999)) }, cancellationToken: Token)).Rows);

        // Anything else decodes, and that is bounded.
        var refused = await Assert.ThrowsAsync<HistoryStoreException>(async () => await planner.AskAsync(new HistoryQuery { Table = "transactions" }, cancellationToken: Token));
        Assert.Contains("MaxRecords", refused.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archive_that_is_damaged_or_lacks_an_object_keeps_the_partition_warm_and_says_why()
    {
        var (source, warm) = await WarmAsync();
        using var tier = warm;
        await SealAsync();
        var cold = new ArchiveColdTier(new ArchiveSet(_objects));
        var name = _objects.Names[1];
        var whole = _objects[name];
        Age(source);

        var damaged = whole.ToArray();
        damaged[damaged.Length / 3] ^= 1;
        _objects[name] = damaged;
        await RunAsync(source, warm, cold);
        Assert.DoesNotContain((await _catalogue.ReadAsync(Token)).Entries, static entry => entry.Tier == HistoryTier.Cold && entry.Partition.Range == HistoryRange.Slot);

        await _objects.DeleteAsync(name, BlobCondition.None, Token);
        var state = await RunAsync(source, warm, cold);
        Assert.Contains(state.Due, static due => due.HeldBy?.Contains("no object holds", StringComparison.Ordinal) == true);
        Assert.Contains("no object holds", await cold.MissesAsync(new Lsn(1), new Lsn(Records), Token), StringComparison.Ordinal);

        // Who knows that a stretch never had records says so.
        Assert.Null(await new ArchiveColdTier(new ArchiveSet(_objects), static _ => true).MissesAsync(new Lsn(1), new Lsn(Records), Token));

        _objects[name] = whole;
        await RunAsync(source, warm, cold);
        Assert.All((await _catalogue.ReadAsync(Token)).Entries, static entry => Assert.Equal((HistoryTier.Cold, 0), (entry.Tier, entry.Parts.Count)));
        Assert.Empty(await warm.ListAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Object_that_was_found_whole_is_not_decoded_again_until_the_store_says_that_it_is_another()
    {
        await SealAsync();
        var cold = new ArchiveColdTier(new ArchiveSet(_objects));
        Assert.Null(await cold.MissesAsync(new Lsn(1), new Lsn(Records), Token));
        _objects.Reads = 0;
        Assert.Null(await cold.MissesAsync(new Lsn(5), new Lsn(Records - 3), Token));
        Assert.Equal(0, _objects.Reads);

        _objects[_objects.Names[0]] = _objects[_objects.Names[0]].ToArray();
        Assert.Null(await cold.MissesAsync(new Lsn(5), new Lsn(Records - 3), Token));
        Assert.NotEqual(0, _objects.Reads);
    }

    [Fact]
    public async Task Object_that_is_gone_fails_the_question_instead_of_thinning_its_answer()
    {
        var cold = await CoolAsync();
        await _objects.DeleteAsync(_objects.Names[1], BlobCondition.None, Token);
        await cold.Archive.RefreshAsync(Token);
        using var store = Store(cold);

        var failed = await Assert.ThrowsAsync<HistoryStoreException>(async () => await new HistoryPlanner([store]).AskAsync(new HistoryQuery { Table = "transactions" }, cancellationToken: Token));

        Assert.Contains("no object", failed.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scratch_folder_is_empty_when_the_store_is_gone_and_options_are_checked()
    {
        var cold = await CoolAsync();
        using (var store = Store(cold))
        {
            await new HistoryPlanner([store]).AskAsync(new HistoryQuery { Table = "slots", Aggregates = [HistoryAggregate.Count()] }, cancellationToken: Token);
            Assert.Single(Directory.GetDirectories(_folder.Combine("scratch", "rows")));
            using var given = new CancellationTokenSource();
            await given.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new HistoryPlanner([store]).AskAsync(new HistoryQuery { Table = "nodes" }, cancellationToken: given.Token));
        }

        Assert.Empty(Directory.GetDirectories(_folder.Combine("scratch", "rows")));
        var wrong = new ArchiveHistoryOptions { MaxRecords = 1, LateRecords = -1, MemoryMegabytes = 1, Threads = 0 };
        Assert.Equal(["ScratchDirectory", "MaxRecords", "LateRecords", "MemoryMegabytes", "Threads"], wrong.Validate().Select(static problem => problem.Split(' ')[0].Split(':')[^1]));
        Assert.Throws<ArgumentException>(() => new ArchiveHistoryStore(cold, _catalogue, wrong));
    }

    private ArchiveHistoryStore Store(ArchiveColdTier cold, long maxRecords = 20_000_000, int lateRecords = 65_536) => new(
        cold, _catalogue, new ArchiveHistoryOptions { ScratchDirectory = _folder.Combine("scratch"), MaxRecords = maxRecords, LateRecords = lateRecords }, new FakeTimeProvider(BufferSource.Start));

    private async Task<ArchiveColdTier> CoolAsync()
    {
        var (source, warm) = await WarmAsync();
        using var tier = warm;
        await SealAsync();
        Age(source);
        var cold = new ArchiveColdTier(new ArchiveSet(_objects));
        await RunAsync(source, warm, cold);
        Assert.All((await _catalogue.ReadAsync(Token)).Entries, static entry => Assert.Equal(HistoryTier.Cold, entry.Tier));
        return cold;
    }

    private void Age(BufferSource source)
    {
        _time.Advance(TimeSpan.FromDays(400));
        source.Now = _time.GetUtcNow();
    }

    private async Task<(BufferSource Source, ParquetTier Warm)> WarmAsync()
    {
        using var hot = new DuckDbStore(new DuckDbOptions { Path = _folder.Combine("hot.duckdb") }, new FakeTimeProvider(BufferSource.Start));
        await hot.OpenAsync(Token);
        var batch = TestRecords.Batch(new HistoryFrames(21, new Lsn(1)).Next(Records), new Lsn(1));
        await hot.ApplyAsync([batch], batch.LastLsn, Token);
        batch.Release();
        using (var connection = new DuckDBConnection("Data Source=" + hot.Path + ";memory_limit=1024MiB;threads=2"))
        {
            connection.Open();
            foreach (var table in HistoryTables.All)
            {
                var rows = new RowBuffer(table);
                using var fetcher = RowFetcher.Open(connection, $"SELECT {TableSql.PlainNames(table)} FROM {table.Name} ORDER BY {string.Join(", ", table.OrderColumns.Select(static c => c.Name))}", table);
                fetcher.Fill(rows, int.MaxValue);
                _rows.Add(rows);
            }
        }

        var source = new BufferSource(_rows);
        var warm = new ParquetTier(new MemoryBlobStore(), new ParquetTierOptions { CacheDirectory = _folder.Combine("cache") });
        await RunAsync(source, warm, cold: null);
        Assert.Equal(0, source.Rows);
        return (source, warm);
    }

    // Three objects one behind another.
    private Task SealAsync()
    {
        var frames = new HistoryFrames(21, new Lsn(1)).Next(Records);
        for (var i = 0; i < 3; i++)
        {
            using var stream = new MemoryStream();
            using var writer = new ArchiveWriter(stream, new ArchiveWriterOptions { RootBytes = 64 << 10, LeafBytes = 8 << 10 });
            var batch = TestRecords.Batch(frames[(i * Records / 3)..((i + 1) * Records / 3)], new Lsn((ulong)(i * Records / 3) + 1), firstSequence: (ulong)(i * Records / 3) + 1);
            writer.Append(batch);
            batch.Release();
            var info = writer.Complete();
            _objects[ArchiveNames.Of(info.FirstLsn, info.LastLsn)] = stream.ToArray();
        }

        return Task.CompletedTask;
    }

    private async Task<TierMoverState> RunAsync(BufferSource source, ParquetTier warm, ArchiveColdTier? cold)
    {
        using var mover = new TierMover(source, warm, cold, _catalogue, timeProvider: _time);
        await mover.RunAsync(Token);
        return mover.State;
    }
}
