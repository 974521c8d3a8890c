using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Storage.DuckDb.Tests;

public sealed class RebuildTests
{
    private static readonly SightingStage[] Stages = [SightingStage.Processed, SightingStage.Confirmed, SightingStage.Finalized];

    private static int Records => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 5_000 : 260;

    private static int Stories => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 3_000 : 60;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 20 : 2)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Tables_are_the_same_however_the_log_was_divided_and_however_often_the_store_was_opened(int seed)
    {
        var frames = new HistoryFrames(seed, new Lsn(1)).Next(Records);
        await using var atOnce = await TestStore.OpenAsync();
        await atOnce.ApplyAsync(frames);

        // One by one is what the order of the log means.
        await using var oneByOne = await TestStore.OpenAsync();
        foreach (var frame in frames)
        {
            await oneByOne.ApplyAsync(frame);
        }

        var random = new Random(seed);
        await using var divided = await TestStore.OpenAsync();
        for (var at = 0; at < frames.Length;)
        {
            var count = Math.Min(frames.Length - at, 1 + random.Next(random.Next(2) == 0 ? 5 : 200));
            await divided.ApplyAsync(frames[at..(at + count)]);
            at += count;
            if (random.Next(4) == 0)
            {
                Assert.Equal(new Lsn((ulong)at), await divided.ReopenAsync());
            }
        }

        foreach (var table in HistoryTables.All)
        {
            var expected = TableRows.Read(oneByOne.Store.Path, table);
            Assert.Equal(expected, TableRows.Read(divided.Store.Path, table));
            Assert.Equal(expected, TableRows.Read(atOnce.Store.Path, table));
        }

        Assert.Equal((oneByOne.Store.TransactionCount, oneByOne.Store.OpportunityCount, oneByOne.Store.ObservedOpportunityCount),
            (divided.Store.TransactionCount, divided.Store.OpportunityCount, divided.Store.ObservedOpportunityCount));
        Assert.Equal(oneByOne.Store.ObservedOpportunityCount, oneByOne.Scalar("SELECT count(*) FROM mev_opportunities WHERE (flags & 2) <> 0"));
        Assert.Equal(oneByOne.Store.TransactionCount, oneByOne.Scalar("SELECT count(DISTINCT signature) FROM transactions"));
    }

    /// <summary>A few transactions on their way through a few slots, in every order that a chain could show them.</summary>
    [Fact]
    public async Task Stages_are_the_same_whether_sightings_and_slots_came_at_once_or_one_by_one()
    {
        var random = new Random(11);
        await using var atOnce = await TestStore.OpenAsync();
        await using var oneByOne = await TestStore.OpenAsync();
        for (var i = 0; i < Stories; i++)
        {
            var frames = Story(random, 3 * i, 10_000 + (2_000 * (ulong)i));
            await atOnce.ApplyAsync(frames);
            foreach (var frame in frames)
            {
                await oneByOne.ApplyAsync(frame);
            }
        }

        const string Sql = "SELECT signature, slot, stage, lsn, raw_lsn FROM transactions ORDER BY lsn";
        Assert.Equal(TableRows.Read(oneByOne.Store.Path, Sql), TableRows.Read(atOnce.Store.Path, Sql));
    }

    [Fact]
    public async Task A_database_that_begins_later_has_the_same_rows_from_there_on()
    {
        var frames = new HistoryFrames(9, new Lsn(1)).Next(Records);
        await using var whole = await TestStore.OpenAsync();
        await whole.ApplyAsync(frames);
        await using var later = await TestStore.OpenAsync(startingAt: 201);
        await later.ApplyAsync(frames[200..]);
        foreach (var table in HistoryTables.All.Except([HistoryTables.Transactions, HistoryTables.MevOpportunities]))
        {
            var order = string.Join(", ", table.OrderColumns.Select(static c => c.Name));
            var sql = $"SELECT * FROM {table.Name} WHERE lsn > 200 ORDER BY {order}";
            Assert.Equal(TableRows.Read(whole.Store.Path, sql), TableRows.Read(later.Store.Path, sql));
        }
    }

    private static byte[][] Story(Random random, int first, ulong slot)
    {
        var threads = new List<Queue<byte[]>>();
        for (var number = first; number < first + 3; number++)
        {
            var (seen, at) = (new Queue<byte[]>(), slot + (ulong)random.Next(3));
            if (random.Next(2) == 0)
            {
                seen.Enqueue(TestStore.Transaction(number, slot + (ulong)random.Next(3), static r => r with { Stage = SightingStage.Pending }));
            }

            foreach (var stage in Stages.Take(random.Next(1, 4)).Where(_ => random.Next(3) > 0))
            {
                seen.Enqueue(TestStore.Transaction(number, at, r => r with { Stage = stage }));
            }

            threads.Add(seen);
        }

        for (var at = slot; at < slot + 3; at++)
        {
            threads.Add(new Queue<byte[]>(Stages.Take(random.Next(4)).Select(stage => TestStore.Slot(at, stage))));
        }

        var story = new List<byte[]>();
        while (threads.RemoveAll(static thread => thread.Count == 0) >= 0 && threads.Count > 0)
        {
            story.Add(threads[random.Next(threads.Count)].Dequeue());
        }

        return story.Count > 0 ? [.. story] : [TestStore.Slot(slot, SightingStage.Processed)];
    }
}
