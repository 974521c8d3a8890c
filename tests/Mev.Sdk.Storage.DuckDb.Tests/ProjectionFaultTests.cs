using Mev.Sdk.Records;
using Mev.Sdk.Storage.Tests;

namespace Mev.Sdk.Storage.DuckDb.Tests;

public sealed class ProjectionFaultTests
{
    [Fact]
    public async Task Rows_are_refused_before_the_store_is_open_and_none_are_nothing()
    {
        using var folder = new TemporaryFolder();
        using var store = new DuckDbStore(new DuckDbOptions { Path = folder.Combine("history.duckdb") });
        var batch = TestRecords.Batch([TestStore.Transaction(1)], new Lsn(1), firstSequence: 1);
        var e = await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.ApplyAsync([batch], batch.LastLsn, TestContext.Current.CancellationToken));
        Assert.Contains(nameof(DuckDbStore.OpenAsync), e.Message, StringComparison.Ordinal);

        await store.OpenAsync(TestContext.Current.CancellationToken);
        await store.ApplyAsync([], new Lsn(9), TestContext.Current.CancellationToken);
        Assert.Equal(Lsn.None, await store.OpenAsync(TestContext.Current.CancellationToken));
        await store.ApplyAsync([batch], batch.LastLsn, TestContext.Current.CancellationToken);
        batch.Release();
        Assert.Equal(1, store.TransactionCount);
    }

    [Fact]
    public async Task Table_that_does_not_take_its_rows_is_named_and_nothing_of_the_transaction_stays()
    {
        await using var test = await TestStore.OpenAsync();
        await test.ApplyAsync(TestStore.Transaction(1));
        test.Scalar("ALTER TABLE gaps ADD COLUMN more INTEGER; ALTER TABLE transactions RENAME COLUMN score TO was_score; ALTER TABLE transactions DROP COLUMN was_score");
        await test.ReopenAsync();
        var next = test.NextLsn;
        var e = await Assert.ThrowsAsync<IOException>(async () => await test.ApplyAsync(TestStore.Slot(5, SightingStage.Confirmed), TestStore.Transaction(2, slot: 5000)));
        Assert.Contains("'transactions'", e.Message, StringComparison.Ordinal);
        Assert.Equal((1L, 1L, 0L), (test.Scalar("SELECT lsn FROM projector_checkpoint"), test.Scalar("SELECT count(*) FROM transactions"), test.Scalar("SELECT count(*) FROM slots")));

        // The connection is given up; the projector opens again.
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await test.ApplyAsync(TestStore.Transaction(2)));
        Assert.Equal(new Lsn(1), await test.Store.OpenAsync(TestContext.Current.CancellationToken));
        Assert.True(test.NextLsn > next);
    }

    [Fact]
    public async Task Checkpoint_that_cannot_be_read_fails_the_opening_until_it_can()
    {
        await using var test = await TestStore.OpenAsync();
        await test.ApplyAsync(TestStore.Transaction(1));
        test.Scalar("ALTER TABLE projector_checkpoint RENAME COLUMN transactions TO moved");
        await Assert.ThrowsAnyAsync<Exception>(async () => await test.Store.OpenAsync(TestContext.Current.CancellationToken));
        test.Scalar("ALTER TABLE projector_checkpoint RENAME COLUMN moved TO transactions");
        Assert.Equal(new Lsn(1), await test.Store.OpenAsync(TestContext.Current.CancellationToken));
        await test.ApplyAsync(TestStore.Transaction(1), TestStore.Transaction(2));
        Assert.Equal(2, test.Store.TransactionCount);
    }

    [Fact]
    public async Task Repeats_are_remembered_for_two_million_records_and_not_for_ever()
    {
        const ulong Window = 1 << 21;
        const ulong Sweep = 1 << 18;
        await using var test = await TestStore.OpenAsync();
        await test.ApplyAsync(TestStore.Transaction(1), TestStore.Transaction(1));
        test.SkipTo(Window);
        await test.ApplyAsync(TestStore.Transaction(2), TestStore.Transaction(2));
        Assert.Equal(2, test.Scalar("SELECT count(*) FROM transaction_repeats"));

        // A batch across the border at which it is looked; the second repeat is young enough.
        test.SkipTo(Window + Sweep - 1);
        await test.ApplyAsync(TestStore.Transaction(3), TestStore.Transaction(4));
        Assert.Equal(1, test.Scalar("SELECT count(*) FROM transaction_repeats"));
        await test.ApplyAsync(TestStore.Prediction("m", (new Lsn(Window + 1), 0.5f)));
        Assert.Equal(0.5f, (await test.Store.FindTransactionAsync(TestStore.Sign(2), TestContext.Current.CancellationToken))!.Score);
    }

    [Fact]
    public async Task Stages_that_come_with_the_sightings_are_those_that_would_come_after_them()
    {
        // A repeat leads the sighting into another slot before the record of its first one.
        byte[][] frames =
        [
            TestStore.Transaction(1, slot: 5), TestStore.Transaction(2, slot: 5), TestStore.Transaction(3, slot: 5, static t => t with { Stage = SightingStage.Pending }),
            TestStore.Transaction(1, slot: 6, static t => t with { Stage = SightingStage.Confirmed }), TestStore.Slot(5, SightingStage.Finalized),
        ];
        await using var atOnce = await TestStore.OpenAsync();
        await atOnce.ApplyAsync(frames);
        await using var oneByOne = await TestStore.OpenAsync();
        foreach (var frame in frames)
        {
            await oneByOne.ApplyAsync(frame);
        }

        const string Stages = "SELECT lsn, slot, stage FROM transactions ORDER BY lsn";
        Assert.Equal(["1|6|3", "2|5|4", "3|5|1"], TableRows.Read(atOnce.Store.Path, Stages));
        Assert.Equal(TableRows.Read(oneByOne.Store.Path, Stages), TableRows.Read(atOnce.Store.Path, Stages));
    }
}
