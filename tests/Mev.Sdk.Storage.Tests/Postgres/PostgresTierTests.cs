using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Postgres;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests.Tiers;
using Mev.Sdk.Storage.Tiers;
using Mev.Sdk.TestKit;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using static Mev.Sdk.Storage.Tests.Postgres.Frames;

namespace Mev.Sdk.Storage.Tests.Postgres;

/// <summary>PostgreSQL as the tier that rows are moved out of, by the mover itself; the warm tier is in memory.</summary>
[Trait("Needs", "postgres")]
public sealed class PostgresTierTests(PostgresFixture fixture)
{
    private static readonly TierPartition Day = new(HistoryRange.Slot, 0);
    private static readonly TierPartition Recent = new(HistoryRange.Slot, 50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Everything_that_is_old_is_moved_once_as_it_was_and_what_comes_late_follows(int seed)
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        var frames = new HistoryFrames(seed, new Lsn(1));
        await test.ApplyAsync(frames.Next(1500));
        await test.ApplyAsync(Slot(100_000, SightingStage.Finalized));
        var stored = await RowsAsync(test.Store);
        Assert.True(stored.Count > 900, $"only {stored.Count} rows");
        Assert.True(stored.Select(static r => r.Split(' ')[0]).Distinct().Count() > 10, "rows of few tables only");
        await AddRecentAsync(test);

        var tiers = new MemoryTiers();
        await Mover(test.Store, tiers).RunAsync(Token);
        await AssertMovedAsync(test);
        Assert.Equal(stored.Order(), (await WarmAsync(tiers)).Order());
        Assert.Equal(0, await test.ScalarAsync($"SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname ~ '_rows_[0-9]+$' AND relname <> 'transactions_rows_50' AND relnamespace = '{test.Options.Schema}'::regnamespace"));
        Assert.Equal(0, await test.ScalarAsync("SELECT count(*) FROM slot_stages"));

        // A transaction whose first sighting is warm comes back as a row, and the mover knows it for a repeat.
        await test.ApplyAsync(frames.Next(400));
        await test.ApplyAsync(Slot(100_001, SightingStage.Finalized));
        await Mover(test.Store, tiers).RunAsync(Token);
        await AssertMovedAsync(test);
        var signatures = (await WarmAsync(tiers)).Where(static r => r.StartsWith("transactions ", StringComparison.Ordinal)).Select(static r => r[(13 + 32)..(13 + 32 + 128)]).ToList();
        Assert.Equal(signatures.Distinct().Count(), signatures.Count);
    }

    [Fact]
    public async Task Stage_score_and_row_that_come_while_a_partition_is_copied_are_moved_too()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        var first = await test.ApplyAsync([.. Enumerable.Range(1, 50).Select(static i => Transaction(i, (ulong)(100 + i)))]);
        await test.ApplyAsync(Slot(110, SightingStage.Confirmed), Slot(1000, SightingStage.Finalized));
        await AddRecentAsync(test);
        var tiers = new MemoryTiers();
        var changes = 0;
        var source = new ProbedSource(test.Store)
        {
            BeforeDelete = async table =>
            {
                if (table == HistoryTables.Transactions && changes++ < 3)
                {
                    await test.ApplyAsync(changes switch
                    {
                        1 => Slot(110, SightingStage.Finalized),
                        2 => Prediction("late", (first, 0.75f)),
                        _ => Transaction(51, 200),
                    });
                }
            },
        };
        await Mover(source, tiers).RunAsync(Token);
        Assert.Equal([false, false, false, true], source.Deletes.Where(static d => d.Table == "transactions").Select(static d => d.Deleted));
        Assert.Equal(1, await test.ScalarAsync("SELECT count(*) FROM transactions"));
        var rows = (await WarmRowsAsync(tiers, HistoryTables.Transactions)).ToDictionary(static r => (ulong)r["lsn"]!, static r => r);
        Assert.Equal(51, rows.Count);
        Assert.Equal((byte)SightingStage.Finalized, rows[first.Value + 9]["stage"]);
        Assert.Equal((byte)SightingStage.Processed, rows[first.Value + 10]["stage"]);
        Assert.Equal((0.75f, "late"), (rows[first.Value]["score"], rows[first.Value]["model_version"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Process_that_dies_between_publishing_and_closing_is_followed_by_one_that_finishes(bool afterDelete)
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        await FillAsync(test);
        var stored = await RowsAsync(test.Store);
        await AddRecentAsync(test);
        var tiers = new MemoryTiers();
        var source = new ProbedSource(test.Store);
        Func<HistoryTable, Task> die = static table => table == HistoryTables.Transactions ? throw new KilledException() : Task.CompletedTask;
        (source.BeforeDelete, source.AfterDelete) = afterDelete ? (source.BeforeDelete, die) : (die, source.AfterDelete);
        await Assert.ThrowsAnyAsync<Exception>(async () => await Mover(source, tiers).RunAsync(Token));
        Assert.Equal(afterDelete ? 1 : 31, await test.ScalarAsync("SELECT count(*) FROM transactions"));
        Assert.True((await tiers.Catalogue.ReadAsync(Token)).Find(Day)!.IsPending);
        Assert.Equal(stored.Order(), (await WarmAsync(tiers)).Order());

        // A restart: nothing is known but what the databases say. It waits for the claim of the one who is gone.
        await test.ReopenAsync();
        _time.Advance(TimeSpan.FromMinutes(6));
        await Mover(test.Store, tiers).RunAsync(Token);
        await AssertMovedAsync(test);
        Assert.False((await tiers.Catalogue.ReadAsync(Token)).Find(Day)!.IsPending);
        Assert.Equal(stored.Order(), (await WarmAsync(tiers)).Order());
    }

    [Fact]
    public async Task Connection_that_is_cut_while_rows_are_deleted_leaves_all_of_them()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        await FillAsync(test);
        var stored = await RowsAsync(test.Store);
        await AddRecentAsync(test);
        var tiers = new MemoryTiers();

        // The deletion waits for this one, and is ended there.
        await using var other = await test.ConnectAsync();
        await ExecuteAsync(other, "BEGIN; LOCK TABLE transactions_rows IN SHARE MODE");
        var moving = Mover(test.Store, tiers).RunAsync(Token).AsTask();
        var waiting = await WaitingAsync(test);
        Assert.Equal(1, await test.ScalarAsync($"SELECT pg_terminate_backend({waiting})::int4"));
        await Assert.ThrowsAsync<AggregateException>(async () => await moving);
        await ExecuteAsync(other, "ROLLBACK");
        Assert.Equal(31, await test.ScalarAsync("SELECT count(*) FROM transactions"));
        Assert.Equal(stored.Order(), (await WarmAsync(tiers)).Order());
        _time.Advance(TimeSpan.FromMinutes(6));
        await Mover(test.Store, tiers).RunAsync(Token);
        await AssertMovedAsync(test);
        Assert.Equal(stored.Order(), (await WarmAsync(tiers)).Order());
    }

    [Fact]
    public async Task Row_that_is_changed_behind_the_snapshot_is_not_deleted_and_one_that_comes_stays()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        await FillAsync(test);
        var expected = await SumAsync(test.Store);
        Assert.False(await test.Store.DeleteAsync(HistoryTables.Transactions, Day, expected with { Sum = expected.Sum + 1 }, Token));

        await using (var other = await test.ConnectAsync())
        {
            await ExecuteAsync(other, "BEGIN; UPDATE transactions_rows SET fee_lamports_4 = 7 WHERE lsn = 5");
            var deleting = test.Store.DeleteAsync(HistoryTables.Transactions, Day, expected, Token).AsTask();
            await WaitingAsync(test);
            await ExecuteAsync(other, "COMMIT");
            Assert.False(await deleting);
        }

        Assert.Equal(30, await test.ScalarAsync("SELECT count(*) FROM transactions"));
        expected = await SumAsync(test.Store);
        await using (var other = await test.ConnectAsync())
        {
            await ExecuteAsync(other, "BEGIN; SELECT 1 FROM transactions_rows WHERE lsn = 5 FOR KEY SHARE");
            var deleting = test.Store.DeleteAsync(HistoryTables.Transactions, Day, expected, Token).AsTask();
            await WaitingAsync(test);
            await test.ApplyAsync(Transaction(77, 150));
            await ExecuteAsync(other, "COMMIT");
            Assert.True(await deleting);
        }

        Assert.Equal(Sign(77), Assert.Single(await test.Store.GetLatestTransactionsAsync(10, Token)).Signature);
    }

    [Fact]
    public async Task Facts_say_what_is_there_how_old_it_is_and_what_is_open()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        Assert.Empty(await test.Store.GetPartitionsAsync(Token));
        var far = ulong.MaxValue - 3;
        await test.ApplyAsync(
            Transaction(1, 100), Transaction(2, 101, static r => r with { BlockTimeSeconds = 1_700_000_500 }), Transaction(3, far, static r => r with { BlockTimeSeconds = 0, Stage = SightingStage.Finalized }),
            Opportunity(1, 1), Opportunity(2, 2, static r => r with { Flags = OpportunityFlags.Observed }), Opportunity(3, 3), Outcome(3, OutcomeStatus.Failed));
        var facts = (await test.Store.GetPartitionsAsync(Token)).ToDictionary(static f => f.Partition);
        Assert.Equal([Day, TierPartition.OfSlot(far)], facts.Keys.Where(static p => p.Range == HistoryRange.Slot).OrderBy(static p => p.Day));

        // Three opportunities and an outcome, which is of slot 0.
        Assert.Equal((6L, false, 1L), (facts[Day].Rows, facts[Day].IsRooted, facts[Day].OpenOutcomes));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_500), facts[Day].Newest);
        Assert.Equal((1L, true, null), (facts[TierPartition.OfSlot(far)].Rows, facts[TierPartition.OfSlot(far)].IsRooted, facts[TierPartition.OfSlot(far)].Newest));
        var sum = await SumAsync(test.Store, TierPartition.OfSlot(far));
        Assert.True(await test.Store.DeleteAsync(HistoryTables.Transactions, TierPartition.OfSlot(far), sum, Token));

        // Final is what a later slot says of all before it.
        await test.ApplyAsync(Slot(101, SightingStage.Confirmed));
        Assert.False(Assert.Single(await test.Store.GetPartitionsAsync(Token)).IsRooted);
        await test.ApplyAsync(Slot(TierPartition.SlotsPerDay + 5, SightingStage.Finalized));
        Assert.Equal([true, true], (await test.Store.GetPartitionsAsync(Token)).Select(static f => f.IsRooted));
    }

    [Fact]
    public async Task Partition_that_was_emptied_is_dropped_when_a_day_has_passed_and_made_again_when_rows_come()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        await FillAsync(test);
        Assert.True(await test.Store.DeleteAsync(HistoryTables.Transactions, Day, await SumAsync(test.Store), Token));
        await test.ApplyAsync(Transaction(100, 5 * TierPartition.SlotsPerDay));
        Assert.Equal(0, await test.ScalarAsync("SELECT count(*) FROM pg_class WHERE relname = 'transactions_rows_0' AND relnamespace = current_schema()::regnamespace"));
        Assert.Equal(1, await test.ScalarAsync("SELECT count(*) FROM pg_class WHERE relname = 'slots_rows_0' AND relnamespace = current_schema()::regnamespace"));
        await test.ApplyAsync(Transaction(101, 7));
        Assert.Equal(1, await test.ScalarAsync("SELECT count(*) FROM transactions_rows_0"));
    }

    private static async Task FillAsync(PostgresTestStore test)
    {
        await test.ApplyAsync([.. Enumerable.Range(1, 30).Select(static i => Transaction(i, (ulong)(100 + i), null, i % 2 == 0 ? [Swap(1, 2)] : []))]);
        await test.ApplyAsync(Slot(110, SightingStage.Confirmed), Slot(1000, SightingStage.Finalized), Opportunity(1, 1));
    }

    private TierMover Mover(ITierSource source, MemoryTiers tiers) => new(source, tiers, null, tiers.Catalogue, null, _time);

    // A clock is believed as far as the newest row of all goes.
    private async Task AddRecentAsync(PostgresTestStore test) =>
        await test.ApplyAsync(Transaction(999_999, 50 * (ulong)TierPartition.SlotsPerDay, r => r with { BlockTimeSeconds = _time.GetUtcNow().ToUnixTimeSeconds() }));

    private static async Task AssertMovedAsync(PostgresTestStore test) => Assert.Equal(Recent, Assert.Single(await test.Store.GetPartitionsAsync(Token)).Partition);

    private static async Task<RowSum> SumAsync(ITierSource source, TierPartition? partition = null)
    {
        var sum = default(RowSum);
        await foreach (var rows in source.ReadAsync(HistoryTables.Transactions, partition ?? Day, Token))
        {
            sum = sum.Add(rows);
        }

        return sum;
    }

    private static async Task<List<string>> RowsAsync(ITierSource source)
    {
        var texts = new List<string>();
        foreach (var facts in await source.GetPartitionsAsync(Token))
        {
            var before = texts.Count;
            foreach (var table in facts.Partition.Tables)
            {
                await foreach (var rows in source.ReadAsync(table, facts.Partition, Token))
                {
                    Add(rows, texts);
                }
            }

            Assert.Equal(facts.Rows, texts.Count - before);
        }

        return texts;
    }

    private static async Task<List<string>> WarmAsync(MemoryTiers tiers)
    {
        var texts = new List<string>();
        foreach (var part in (await tiers.Catalogue.ReadAsync(Token)).Entries.SelectMany(static e => e.Parts).Where(static p => p.Sum.Rows > 0))
        {
            await foreach (var rows in tiers.ReadAsync(HistoryTables.Get(part.Table), part.Name, Token))
            {
                Add(rows, texts);
            }
        }

        return texts;
    }

    private static void Add(RowBuffer rows, List<string> texts)
    {
        for (var reader = rows.Read(); reader.NextRow();)
        {
            texts.Add($"{rows.Table.Name} {Convert.ToHexString(reader.Row)}");
        }
    }

    private static async Task<List<Dictionary<string, object?>>> WarmRowsAsync(MemoryTiers tiers, HistoryTable table)
    {
        var found = new List<Dictionary<string, object?>>();
        foreach (var part in (await tiers.Catalogue.ReadAsync(Token)).Entries.SelectMany(static e => e.Parts).Where(p => p.Table == table.Name))
        {
            await foreach (var rows in tiers.ReadAsync(table, part.Name, Token))
            {
                found.AddRange(Values(rows));
            }
        }

        return found;
    }

    private static List<Dictionary<string, object?>> Values(RowBuffer rows)
    {
        var found = new List<Dictionary<string, object?>>();
        for (var reader = rows.Read(); reader.NextRow();)
        {
            var row = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var column in rows.Table.Columns)
            {
                row.Add(column.Name, reader.ReadValue());
            }

            found.Add(row);
        }

        return found;
    }

    // The process of the session that wants to delete transactions of this schema and waits for somebody.
    private static async Task<long> WaitingAsync(PostgresTestStore test)
    {
        for (var until = DateTime.UtcNow + Patience; DateTime.UtcNow < until; await Task.Delay(20, Token))
        {
            var pid = await test.ReadAsync($"""
                SELECT a.pid FROM pg_stat_activity a WHERE a.wait_event_type = 'Lock' AND a.query LIKE 'DELETE FROM transactions_rows %'
                    AND EXISTS (SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE l.pid = a.pid AND c.relname = 'transactions_rows' AND c.relnamespace = '{test.Options.Schema}'::regnamespace)
                """);
            if (pid is not null)
            {
                return Convert.ToInt64(pid, CultureInfo.InvariantCulture);
            }
        }

        Assert.Fail("Nobody waits for the lock.");
        return 0;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Token);
    }
}
