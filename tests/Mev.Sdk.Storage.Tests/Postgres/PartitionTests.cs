using Mev.Sdk.Storage.Postgres;
using Microsoft.Extensions.Time.Testing;
using static Mev.Sdk.Storage.Tests.Postgres.Frames;

namespace Mev.Sdk.Storage.Tests.Postgres;

[Trait("Needs", "postgres")]
public sealed class PartitionTests(PostgresFixture fixture)
{
    private const ulong Day = Schema.SlotsOfDay;

    [Fact]
    public async Task Days_are_made_ahead_and_dropped_when_they_are_old()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var test = await PostgresTestStore.OpenAsync(fixture, static o => (o.PartitionsAhead, o.RetentionDays) = (3, 5), time);
        for (var day = 10; day < 20; day++)
        {
            await test.ApplyAsync(Transaction(day, (ulong)day * Day), Opportunity((ulong)day, 0, r => r with { Slot = (ulong)day * Day }), Slot((ulong)day * Day, Records.SightingStage.Finalized), TestRecords.Metric(1));
            time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal("15,16,17,18,19,20,21,22", await DaysAsync(test, "transactions_rows"));
        Assert.Equal(5, await test.ScalarAsync("SELECT count(*) FROM transactions"));
        Assert.Equal(5, await test.ScalarAsync("SELECT count(*) FROM mev_opportunities"));
        Assert.Equal(5, await test.ScalarAsync("SELECT count(*) FROM slots"));
        Assert.Equal(5, await test.ScalarAsync("SELECT count(*) FROM slot_stages"));
        Assert.Equal(0, await test.ScalarAsync("SELECT count(*) FROM transactions_rows_rest"));
        Assert.Equal(Records.SightingStage.Finalized, Assert.Single(await test.Store.GetLatestTransactionsAsync(1, TestContext.Current.CancellationToken)).Stage);
    }

    [Fact]
    public async Task Slots_of_more_days_than_there_may_be_partitions_go_to_the_rest_and_stay_found()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        const int Odd = Partitions.MaxDays + 5;
        await test.ApplyAsync([.. Enumerable.Range(1, Odd).Select(static i => Transaction(i, (ulong)i * 10 * Day))]);
        Assert.Equal(Odd, await test.ScalarAsync("SELECT count(*) FROM transactions"));
        Assert.Equal(5, await test.ScalarAsync("SELECT count(*) FROM transactions_rows_rest"));
        await test.ReopenAsync();
        await test.ApplyAsync(Transaction(Odd, (ulong)Odd * 10 * Day));
        Assert.Equal(Odd, test.Store.TransactionCount);
        Assert.NotNull(await test.Store.FindTransactionAsync(Sign(Odd), TestContext.Current.CancellationToken));
    }

    // The day that one odd row states is not believed: nothing is dropped for it.
    [Fact]
    public async Task Row_from_far_in_the_future_drops_nothing()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture, static o => o.RetentionDays = 2);
        await test.ApplyAsync(Transaction(1, 5 * Day));
        await test.ApplyAsync(Transaction(2, 5 * Day), Transaction(3, 5 * Day), Transaction(4, 5_000 * Day));
        Assert.Equal(4, await test.ScalarAsync("SELECT count(*) FROM transactions"));
    }

    private static async Task<string> DaysAsync(PostgresTestStore test, string parent) => (string)(await test.ReadAsync($"""
        SELECT string_agg(d::text, ',' ORDER BY d) FROM (SELECT substr(c.relname, length('{parent}') + 2)::int d FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = '{parent}'::regclass AND c.relname !~ 'rest$') x
        """))!;
}
