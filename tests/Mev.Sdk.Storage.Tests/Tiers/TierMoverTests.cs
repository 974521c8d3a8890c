using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Storage.Tests.Tiers;

public sealed class TierMoverTests
{
    private const long Day = TierPartition.SlotsPerDay;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TierPartition Old = new(HistoryRange.Slot, 10);

    private readonly FakeTimeProvider _time = new(Start.AddDays(40));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Move_that_is_killed_at_any_step_is_finished_by_the_next_and_every_row_is_answered_once_at_every_moment()
    {
        for (var dies = 0; ; dies++)
        {
            var tiers = Filled();
            tiers.DiesAt = dies;
            var killed = await RunAsync(tiers);
            Assert.Equal(tiers.Stored.Order(), (await tiers.AnswerAsync()).Order());

            // Whoever comes next waits for the claim of the one who is gone.
            tiers.DiesAt = -1;
            _time.Advance(TimeSpan.FromMinutes(6));
            await RunAsync(tiers);
            Assert.Equal(tiers.Stored.Order(), (await tiers.AnswerAsync()).Order());
            Assert.Equal(1, tiers.HotRows);
            var entry = Assert.Single((await tiers.Catalogue.ReadAsync(Token)).Entries);
            Assert.False(entry.IsPending);
            Assert.Equal(entry.Parts.Select(static part => part.Name).Order(), tiers.PartNames.Order());
            if (!killed)
            {
                Assert.True(dies > 30, $"only {dies} steps");
                return;
            }
        }
    }

    [Fact]
    public async Task Partition_that_becomes_cold_and_is_killed_at_any_step_is_dropped_in_the_end()
    {
        for (var dies = 0; ; dies++)
        {
            var tiers = Filled();
            await RunAsync(tiers);
            _time.Advance(TimeSpan.FromDays(400));
            tiers.Newest[new TierPartition(HistoryRange.Slot, 50)] = _time.GetUtcNow();
            tiers.DiesAt = tiers.Steps + dies;
            var killed = await RunAsync(tiers);
            tiers.DiesAt = -1;
            _time.Advance(TimeSpan.FromMinutes(6));
            await RunAsync(tiers);
            await RunAsync(tiers);
            var entry = Assert.Single((await tiers.Catalogue.ReadAsync(Token)).Entries);
            Assert.Equal((HistoryTier.Cold, 9, 0), (entry.Tier, entry.Rows, entry.Parts.Count));
            Assert.Empty(tiers.PartNames);
            if (!killed)
            {
                Assert.True(dies > 5, $"only {dies} steps");
                return;
            }
        }
    }

    [Fact]
    public async Task Row_that_changes_between_copying_and_deleting_is_moved_as_it_is_in_the_end()
    {
        foreach (var step in new[] { "delete", "after catalogue", "read warm", "write" })
        {
            var tiers = Filled();
            var changes = 0;
            tiers.OnStep = name =>
            {
                if (name == step && changes < 2 && tiers.Change(Old, 1))
                {
                    changes++;
                }
            };
            Assert.False(await RunAsync(tiers));
            Assert.Equal(2, changes);
            Assert.Equal(tiers.Stored.Order(), (await tiers.AnswerAsync()).Order());
            Assert.Equal(1, tiers.HotRows);
            Assert.Equal((await tiers.Catalogue.ReadAsync(Token)).Entries[0].Parts.Count, tiers.PartNames.Count);
        }
    }

    [Fact]
    public async Task Row_that_never_stops_changing_stays_hot_and_is_answered_once()
    {
        var tiers = Filled();
        tiers.OnStep = name => _ = name == "delete" && tiers.Change(Old, 0);
        var failed = await Assert.ThrowsAsync<AggregateException>(async () => await Mover(tiers).RunAsync(Token));
        Assert.Contains("transactions", failed.ToString(), StringComparison.Ordinal);
        tiers.OnStep = null;
        await RunAsync(tiers);
        Assert.Equal(tiers.Stored.Order(), (await tiers.AnswerAsync()).Order());
        Assert.Equal(1, tiers.HotRows);
    }

    [Fact]
    public async Task Rows_that_come_late_follow_and_a_transaction_that_is_warm_already_is_not_moved_twice()
    {
        for (var dies = 0; ; dies++)
        {
            var tiers = Filled();
            await RunAsync(tiers);
            tiers.Add(HistoryTables.Transactions, (10 * Day) + 1, signature: 2);
            tiers.Forget(HistoryTables.Transactions, (10 * Day) + 1, tiers.LastLsn, signature: 2);
            tiers.Add(HistoryTables.Transactions, (10 * Day) + 1, signature: 77);
            tiers.Add(HistoryTables.Slots, (10 * Day) + 1);
            tiers.DiesAt = tiers.Steps + dies;
            var killed = await RunAsync(tiers);
            tiers.DiesAt = -1;
            _time.Advance(TimeSpan.FromMinutes(6));
            await RunAsync(tiers);
            Assert.Equal(tiers.Stored.Order(), (await tiers.AnswerAsync()).Order());
            Assert.Equal(1, tiers.HotRows);
            if (!killed)
            {
                Assert.True(dies > 20, $"only {dies} steps");
                return;
            }
        }
    }

    [Fact]
    public async Task Partition_of_repeats_alone_leaves_no_part_behind()
    {
        var tiers = Filled();
        await RunAsync(tiers);
        var before = tiers.PartNames.Order().ToList();
        tiers.Add(HistoryTables.Transactions, (10 * Day) + 5, signature: 3);
        tiers.Forget(HistoryTables.Transactions, (10 * Day) + 5, tiers.LastLsn, signature: 3);
        await RunAsync(tiers);
        Assert.Equal(before, tiers.PartNames.Order());
        Assert.Equal(1, tiers.HotRows);
        Assert.Equal(tiers.Stored.Order(), (await tiers.AnswerAsync()).Order());
    }

    [Fact]
    public async Task Of_two_movers_one_works()
    {
        var tiers = Filled();
        var (first, second) = (Mover(tiers), Mover(tiers));
        var others = new List<int>();
        tiers.OnStep = name =>
        {
            if (name == "write")
            {
                tiers.OnStep = null;
                others.Add(second.RunAsync(Token).AsTask().GetAwaiter().GetResult());
                Assert.NotNull(second.State.Other);
            }
        };
        Assert.Equal(1, await first.RunAsync(Token));
        Assert.Equal([0], others);
        Assert.Equal(tiers.Stored.Order(), (await tiers.AnswerAsync()).Order());
    }

    [Fact]
    public async Task Mover_that_was_stopped_for_longer_than_its_claim_deletes_nothing_that_another_has_moved()
    {
        var tiers = Filled();
        var (first, second) = (Mover(tiers), Mover(tiers));
        tiers.OnStep = name =>
        {
            if (name == "write")
            {
                tiers.OnStep = null;
                _time.Advance(TimeSpan.FromMinutes(30));
                Assert.Equal(1, second.RunAsync(Token).AsTask().GetAwaiter().GetResult());
            }
        };
        Assert.Equal(0, await first.RunAsync(Token));
        Assert.Equal(tiers.Stored.Order(), (await tiers.AnswerAsync()).Order());
        _time.Advance(TimeSpan.FromMinutes(30));
        await RunAsync(tiers);
        Assert.Equal((await tiers.Catalogue.ReadAsync(Token)).Entries[0].Parts.Select(static part => part.Name).Order(), tiers.PartNames.Order());
        Assert.Equal(tiers.Stored.Order(), (await tiers.AnswerAsync()).Order());
    }

    [Fact]
    public async Task Part_that_reads_back_otherwise_is_not_published()
    {
        var tiers = Filled();
        tiers.OnStep = name =>
        {
            if (name == "after write")
            {
                tiers.Damage(tiers.PartNames.Last());
            }
        };
        var failed = await Assert.ThrowsAsync<AggregateException>(async () => await Mover(tiers).RunAsync(Token));
        Assert.Contains("nothing was deleted", failed.ToString(), StringComparison.Ordinal);
        Assert.Empty((await tiers.Catalogue.ReadAsync(Token)).Entries);
        Assert.Equal(tiers.Stored.Order(), (await tiers.AnswerAsync()).Order());
    }

    [Fact]
    public async Task Partition_stays_while_it_is_pinned_or_not_archived_and_a_dry_run_moves_nothing()
    {
        var tiers = Filled();
        await tiers.Catalogue.PinAsync(Old, isPinned: true, Token);
        var mover = Mover(tiers);
        Assert.Equal(0, await mover.RunAsync(Token));
        Assert.Contains("pinned", Assert.Single(mover.State.Due).HeldBy, StringComparison.Ordinal);
        await tiers.Catalogue.PinAsync(Old, isPinned: false, Token);
        var dry = new TierMover(tiers, tiers, tiers, tiers.Catalogue, new TierMoverOptions { DryRun = true }, _time);
        Assert.Equal(0, await dry.RunAsync(Token));
        Assert.True(Assert.Single(dry.State.Due).IsReady);
        Assert.Empty(tiers.PartNames);

        await mover.RunAsync(Token);
        _time.Advance(TimeSpan.FromDays(400));
        tiers.Newest[new TierPartition(HistoryRange.Slot, 50)] = _time.GetUtcNow();
        tiers.ArchivedTo = 3;
        Assert.Equal(0, await mover.RunAsync(Token));
        Assert.Contains("records behind 3", Assert.Single(mover.State.Due).HeldBy, StringComparison.Ordinal);
        Assert.Equal(tiers.Stored.Order(), (await tiers.AnswerAsync()).Order());
        tiers.ArchivedTo = ulong.MaxValue;
        Assert.Equal(1, await mover.RunAsync(Token));
        Assert.Empty(tiers.PartNames);
    }

    [Fact]
    public async Task Four_hundred_days_end_with_thirty_hot_a_year_warm_and_the_rest_cold()
    {
        const int Days = 400;
        var tiers = new MemoryTiers();
        var clock = new FakeTimeProvider(Start);
        var mover = new TierMover(tiers, tiers, tiers, tiers.Catalogue, null, clock);
        var pinned = new TierPartition(HistoryRange.Slot, 100);
        await tiers.Catalogue.PinAsync(pinned, isPinned: true, Token);
        for (var day = 0; day < Days; day++)
        {
            var microseconds = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            for (var i = 0; i < 3; i++)
            {
                tiers.Add(HistoryTables.Transactions, (day * Day) + (i * 1000), signature: (day * 10) + i + 1);
            }

            tiers.Add(HistoryTables.Slots, day * Day);
            tiers.Add(HistoryTables.PerformanceMetrics, microseconds);
            tiers.Newest[new TierPartition(HistoryRange.Slot, day)] = clock.GetUtcNow();
            tiers.Newest[TierPartition.OfTime(microseconds)] = clock.GetUtcNow();
            await mover.RunAsync(Token);
            clock.Advance(TimeSpan.FromDays(1));
            if (day is 200)
            {
                // A clock that jumps ahead and back again.
                var now = clock.GetUtcNow();
                var ahead = new TierMover(tiers, tiers, tiers, tiers.Catalogue, null, new FakeTimeProvider(now.AddYears(3)));
                await ahead.RunAsync(Token);
            }
        }

        var catalogue = await tiers.Catalogue.ReadAsync(Token);
        var slots = catalogue.Entries.Where(static entry => entry.Partition.Range == HistoryRange.Slot).ToList();
        Assert.Equal((Days - 30 - 1, 35), (slots.Count, slots.Count(static entry => entry.Tier == HistoryTier.Cold)));
        Assert.Equal(Days - 30, catalogue.Entries.Count(static entry => entry.Partition.Range == HistoryRange.Time));
        Assert.Null(catalogue.Find(pinned));
        var cold = catalogue.Entries.Where(static entry => entry.Tier == HistoryTier.Cold).ToList();
        Assert.Equal(35 * 4, cold.Where(static entry => entry.Partition.Range == HistoryRange.Slot).Sum(static entry => entry.Rows));
        var answered = await tiers.AnswerAsync();
        Assert.Equal(answered.Count, answered.Distinct().Count());
        Assert.Equal(tiers.Stored.Count - cold.Sum(static entry => entry.Rows), answered.Count);
        Assert.Subset(tiers.Stored, answered.ToHashSet());
        Assert.Equal(catalogue.Entries.Sum(static entry => entry.Parts.Count), tiers.PartNames.Count);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"version\":9,\"pins\":[],\"partitions\":[]}")]
    [InlineData("{\"version\":1,\"pins\":[\"x\"],\"partitions\":[]}")]
    [InlineData("{\"version\":1,\"pins\":[]}")]
    [InlineData("{\"version\":1,\"pins\":[],\"partitions\":[{\"partition\":\"slot-1\",\"tier\":\"Luke\",\"rows\":1,\"firstLsn\":1,\"lastLsn\":1,\"parts\":[]}]}")]
    [InlineData("{\"version\":1,\"pins\":[],\"partitions\":[{\"partition\":\"slot-1\",\"tier\":\"Warm\",\"rows\":1,\"firstLsn\":1,\"lastLsn\":1,\"parts\":[{\"table\":\"t\",\"name\":\"../x\",\"rows\":1,\"sum\":\"0\",\"bytes\":1,\"firstLsn\":1,\"lastLsn\":1}]}]}")]
    public async Task Catalogue_that_is_damaged_is_told_and_nothing_is_moved(string text)
    {
        var tiers = Filled();
        tiers.Blobs[TierCatalogueStore.BlobName] = System.Text.Encoding.UTF8.GetBytes(text);
        var failed = await Assert.ThrowsAsync<InvalidDataException>(async () => await Mover(tiers).RunAsync(Token));
        Assert.Contains(TierCatalogueStore.BlobName, failed.Message, StringComparison.Ordinal);
        Assert.Equal(tiers.Stored.Count, tiers.HotRows);
    }

    // One partition that is due, with three tables, and a recent one.
    private MemoryTiers Filled()
    {
        var tiers = new MemoryTiers();
        for (var i = 0; i < 5; i++)
        {
            tiers.Add(HistoryTables.Transactions, (10 * Day) + i, signature: i + 1);
        }

        for (var i = 0; i < 3; i++)
        {
            tiers.Add(HistoryTables.Slots, (10 * Day) + i);
        }

        tiers.Add(HistoryTables.Outcomes, (11 * Day) - 1);
        tiers.Add(HistoryTables.Slots, 50 * Day);
        tiers.Newest[Old] = Start;
        tiers.Newest[new TierPartition(HistoryRange.Slot, 50)] = _time.GetUtcNow();
        return tiers;
    }

    private TierMover Mover(MemoryTiers tiers) => new(tiers, tiers, tiers, tiers.Catalogue, null, _time);

    // A mover of its own, as after a restart; true when it was killed.
    private async Task<bool> RunAsync(MemoryTiers tiers)
    {
        try
        {
            await Mover(tiers).RunAsync(Token);
            return false;
        }
        catch (Exception e) when (e is KilledException || e.ToString().Contains(nameof(KilledException), StringComparison.Ordinal))
        {
            return true;
        }
    }
}
