using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.DuckDb.Tests.Parquet;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Storage.Tests.Queries;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Storage.ClickHouse.Tests;

public sealed class ClickHouseTierTests
{
    private static readonly TierPartition Day = new(HistoryRange.Slot, 1000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_of_every_table_come_back_to_the_byte_in_order_and_parts_are_listed_and_removed()
    {
        await using var test = await TestStore.OpenAsync();
        using var tier = new ClickHouseTier(test.Options);
        Assert.Empty(await tier.ListAsync(Token).ToListAsync(Token));
        foreach (var table in HistoryTables.All)
        {
            // More rows than a page, so that pages follow one another.
            var count = table == HistoryTables.Slots ? 40_000 : 300;
            using var rows = HistoryData.Generate(table, new Random(3), count, extremes: true);
            var bytes = await tier.WriteAsync(table, Day, $"slot-1000/{table.Name}/one", Pieces(rows), Token);
            Assert.True(bytes > 0, $"{table}: {bytes} bytes");
            var (found, pages) = (default(RowSum), 0);
            await foreach (var page in tier.ReadAsync(table, $"slot-1000/{table.Name}/one", Token))
            {
                found = found.Add(page);
                pages++;
            }

            Assert.Equal(default(RowSum).Add(rows), found);
            Assert.True(count < 1000 || pages > 2, $"{pages} pages");
        }

        Assert.Equal(HistoryTables.All.Select(static table => $"slot-1000/{table.Name}/one").Order(), (await tier.ListAsync(Token).ToListAsync(Token)).Order());
        await tier.RemoveAsync("slot-1000/slots/one", Token);
        await tier.RemoveAsync("slot-1000/slots/one", Token);
        Assert.DoesNotContain("slot-1000/slots/one", await tier.ListAsync(Token).ToListAsync(Token));
        Assert.Empty(await tier.ReadAsync(HistoryTables.Slots, "slot-1000/slots/one", Token).ToListAsync(Token));

        // The tables that a projector fills have none of it.
        Assert.Equal(0, await test.ScalarAsync("SELECT count() FROM transactions"));
    }

    [Fact]
    public async Task Questions_about_moved_rows_have_the_answers_of_the_reference_beside_a_store_that_is_projected_into()
    {
        await using var test = await TestStore.OpenAsync();
        await test.ApplyAsync(TestStore.Transaction(1), TestStore.Transaction(2));
        using var tier = new ClickHouseTier(test.Options);
        using var folder = new TemporaryFolder();
        using var blobs = new FolderBlobStore(folder.Path);
        var catalogue = new TierCatalogueStore(blobs);
        var random = new Random(29);
        var planner = new HistoryPlanner([new ClickHouseTierHistory(tier, catalogue)]);
        foreach (var table in HistoryDifference.Tables)
        {
            using var buffer = HistoryData.Generate(table, random, 300, extremes: true);
            var source = new BufferSource(buffer);
            using var mover = new TierMover(source, tier, cold: null, catalogue, timeProvider: new FakeTimeProvider(BufferSource.Start.AddDays(1)));
            await mover.RunAsync(Token);
            Assert.Equal(0, source.Rows);

            // A part that no catalogue names is in no answer.
            await tier.WriteAsync(table, Day, $"slot-1000/{table.Name}/unnamed", Pieces(buffer), Token);
            await HistoryDifference.CompareAsync(table, HistoryData.Decode(buffer), planner, random, HistoryDifference.QuestionsPerTable / 8, Token);
        }

        Assert.Equal(2, await test.ScalarAsync("SELECT count() FROM transactions"));
    }

    [Fact]
    public async Task Write_that_breaks_off_leaves_what_the_next_mover_removes()
    {
        await using var test = await TestStore.OpenAsync();
        using var tier = new ClickHouseTier(test.Options);
        using var rows = HistoryData.Generate(HistoryTables.Accounts, new Random(5), 200, extremes: false);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await tier.WriteAsync(HistoryTables.Accounts, Day, "slot-1000/accounts/half", Failing(rows), Token));
        foreach (var name in await tier.ListAsync(Token).ToListAsync(Token))
        {
            await tier.RemoveAsync(name, Token);
        }

        Assert.Empty(await tier.ListAsync(Token).ToListAsync(Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await tier.RemoveAsync("it's", Token));
        var options = ClickHouseOptionsOf(test.Options);
        options.Cluster = "history";
        Assert.Contains("Mev:Storage:ClickHouse:Cluster", Assert.Throws<ArgumentException>(() => new ClickHouseTier(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Host_has_the_tier_and_who_answers_from_it()
    {
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection();
        services.AddMevSdk().AddStorage(o => o.DataDirectory = folder.Combine("data")).UseClickHouseTier(static o => o.Url = "http://127.0.0.1:1").UseClickHouseTier().UseTiers();
        using var provider = services.BuildServiceProvider();
        Assert.Equal("clickhouse-warm", Assert.Single(provider.GetServices<ITierTarget>()).Name);
        Assert.Equal("clickhouse-warm", Assert.Single(provider.GetServices<IHistoryStore>()).Name);
        Assert.Contains("Mev:Storage:Tiers:Source", Assert.Throws<InvalidOperationException>(provider.GetRequiredService<TierMover>).Message, StringComparison.Ordinal);
    }

    private static ClickHouseOptions ClickHouseOptionsOf(ClickHouseOptions options) => new() { Url = options.Url, Database = options.Database, User = options.User, Password = options.Password };

    private static async IAsyncEnumerable<RowBuffer> Pieces(RowBuffer rows)
    {
        using var piece = new RowBuffer(rows.Table);
        for (var reader = rows.Read(); reader.NextRow();)
        {
            piece.AddRow(reader.Row);
        }

        await Task.Yield();
        yield return piece;
    }

    private static async IAsyncEnumerable<RowBuffer> Failing(RowBuffer rows)
    {
        for (var i = 0; i < 2000; i++)
        {
            yield return rows;
        }

        await Task.Yield();
        throw new InvalidOperationException("the source is gone");
    }
}
