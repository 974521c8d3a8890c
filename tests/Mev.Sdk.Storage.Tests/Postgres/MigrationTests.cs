using Mev.Sdk.Storage.Postgres;
using static Mev.Sdk.Storage.Tests.Postgres.Frames;

namespace Mev.Sdk.Storage.Tests.Postgres;

[Trait("Needs", "postgres")]
public sealed class MigrationTests(PostgresFixture fixture)
{
    public static TheoryData<int> EarlierVersions => [.. Enumerable.Range(1, Schema.Version - 1)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EarlierVersions))]
    public async Task Rows_of_an_earlier_version_are_there_after_the_next_start(int version)
    {
        var options = await fixture.OptionsAsync();
        await using (var old = new PostgresStore(options))
        {
            await old.OpenAtAsync(version, Cancellation);
            var batch = TestRecords.Batch([Transaction(1, 100, null, Swap(1, 2)), Opportunity(1, 1)], new Lsn(1));
            await old.ApplyAsync([batch], batch.LastLsn, Cancellation);
            batch.Release();
        }

        await using var store = new PostgresStore(options);
        Assert.Equal(new Lsn(2), await store.OpenAsync(Cancellation));
        Assert.Equal(2, (await store.FindTransactionAsync(Sign(1), Cancellation))!.FirstSwap!.MintOut == Key(2) ? 2 : 0);
        Assert.Single(await store.FindOpportunitiesAsync(Sign(1), Cancellation));
        var more = TestRecords.Batch([Transaction(1, 101), Transaction(2, 101)], new Lsn(3));
        await store.ApplyAsync([more], more.LastLsn, Cancellation);
        more.Release();
        Assert.Equal(2, store.TransactionCount);
    }

    [Fact]
    public async Task Opening_again_changes_nothing()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        var before = await test.ReadAsync("SELECT version || ' ' || catalogue || changed FROM schema_version");
        await test.ReopenAsync();
        Assert.Equal(before, await test.ReadAsync("SELECT version || ' ' || catalogue || changed FROM schema_version"));
        Assert.Equal(Schema.Version, await test.ScalarAsync("SELECT version FROM schema_version"));
    }

    // What a later catalogue adds to a table that has rows already.
    [Fact]
    public async Task Column_that_is_missing_is_added()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        await test.ApplyAsync(Transaction(1));
        await test.ReadAsync("DROP VIEW transactions; ALTER TABLE transactions_rows DROP COLUMN tip_lamports_4; UPDATE schema_version SET catalogue = 'of an earlier SDK'");
        await test.ReopenAsync();
        await test.ApplyAsync(Transaction(2, change: static r => r with { TipLamports = 5 }));
        Assert.Equal([5UL, 0UL], (await test.Store.GetLatestTransactionsAsync(5, Cancellation)).Select(static r => r.TipLamports));
    }

    [Fact]
    public async Task Tables_of_a_later_version_are_refused_and_left_alone()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        await test.ReadAsync("UPDATE schema_version SET version = 99");
        var e = await Assert.ThrowsAsync<InvalidDataException>(async () => await test.ReopenAsync());
        Assert.Contains("version 99", e.Message, StringComparison.Ordinal);
        Assert.Equal(99, await test.ScalarAsync("SELECT version FROM schema_version"));
    }
}
