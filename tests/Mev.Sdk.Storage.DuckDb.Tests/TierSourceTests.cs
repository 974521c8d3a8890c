using Mev.Sdk.Records;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Storage.Tests.Queries;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Storage.DuckDb.Tests;

public sealed class TierSourceTests : IDisposable
{
    private const ulong Day = TierPartition.SlotsPerDay;
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly TierPartition Old = new(HistoryRange.Slot, 10);

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _blobs;
    private readonly TierCatalogueStore _catalogue;
    private readonly MemoryTarget _target = new();
    private readonly FakeTimeProvider _time = new(Start.AddDays(40));

    public TierSourceTests()
    {
        _blobs = new FolderBlobStore(_folder.Combine("blobs"));
        _catalogue = new TierCatalogueStore(_blobs);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _blobs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Facts_of_partitions_are_those_of_the_rows()
    {
        await using var test = await TestStore.OpenAsync();
        ITierSource source = test.Store;
        Assert.Empty(await source.GetPartitionsAsync(Token));
        await test.ApplyAsync(
            TestStore.Transaction(1, (10 * Day) + 5),
            TestStore.Transaction(2, (10 * Day) + 7),
            TestStore.Opportunity(1, 1, r => r with { Slot = (10 * Day) + 5 }),
            TestStore.Opportunity(2, 2, r => r with { Slot = (10 * Day) + 7, Flags = OpportunityFlags.Observed }),
            TestRecords.Metric(1));
        var facts = (await source.GetPartitionsAsync(Token)).ToDictionary(static fact => fact.Partition);
        Assert.Equal(new PartitionFacts { Partition = Old, Tier = HistoryTier.Hot, Rows = 4, Newest = Start.AddTicks(1_234_560), IsRooted = false, OpenOutcomes = 1 }, facts[Old]);
        var time = new TierPartition(HistoryRange.Time, 0);
        Assert.Equal(new PartitionFacts { Partition = time, Tier = HistoryTier.Hot, Rows = 1, Newest = DateTimeOffset.UnixEpoch }, facts[time]);
        Assert.Equal(2, facts.Count);

        // The outcome came, and the second slot was rooted: so is everything below it.
        await test.ApplyAsync(TestStore.Outcome(1, OutcomeStatus.Declined), TestStore.Slot((10 * Day) + 7, SightingStage.Finalized));
        facts = (await source.GetPartitionsAsync(Token)).ToDictionary(static fact => fact.Partition);
        Assert.True(facts[Old].IsRooted);
        Assert.Equal(0, facts[Old].OpenOutcomes);
    }

    [Fact]
    public async Task Slots_that_nobody_roots_are_settled_a_day_of_slots_later()
    {
        await using var test = await TestStore.OpenAsync();
        ITierSource source = test.Store;
        await test.ApplyAsync(TestStore.Transaction(1, (10 * Day) + 5), TestStore.Transaction(2, (11 * Day) + 4));
        Assert.All(await source.GetPartitionsAsync(Token), static fact => Assert.False(fact.IsRooted));
        await test.ApplyAsync(TestStore.Transaction(3, (11 * Day) + 5));
        Assert.Equal([true, false], (await source.GetPartitionsAsync(Token)).OrderBy(static fact => fact.Partition.Day).Select(static fact => fact.IsRooted));
    }

    [Fact]
    public async Task Rows_are_those_that_were_loaded_for_every_table_and_value()
    {
        await using var test = await TestStore.OpenAsync();
        ITierSource source = test.Store;
        var random = new Random(11);
        foreach (var table in HistoryTables.All)
        {
            using var rows = HistoryData.Generate(table, random, 500, extremes: true);
            using (var connection = new DuckDB.NET.Data.DuckDBConnection("Data Source=" + test.Store.Path + ";memory_limit=1024MiB;threads=2"))
            {
                connection.Open();
                RowLoader.Load(connection, null, table.Name, rows);
            }

            var expected = default(RowSum).Add(rows);
            var (found, partitions) = (default(RowSum), 0);
            foreach (var fact in (await source.GetPartitionsAsync(Token)).Where(fact => fact.Partition.Range == table.Range))
            {
                var last = (Int128.MinValue, UInt128.MinValue);
                await foreach (var part in source.ReadAsync(table, fact.Partition, Token))
                {
                    found = found.Add(part);
                    last = AssertInOrder(part, fact.Partition, last);
                }

                partitions++;
            }

            Assert.Equal(expected, found);
            Assert.True(partitions > 1, $"{table}: {partitions} partitions");
        }
    }

    [Fact]
    public async Task Rows_are_deleted_if_and_only_if_they_are_those_that_were_read()
    {
        await using var test = await TestStore.OpenAsync();
        ITierSource source = test.Store;
        var table = HistoryTables.Transactions;
        await test.ApplyAsync(TestStore.Transaction(1, (10 * Day) + 5), TestStore.Transaction(2, (10 * Day) + 7), TestStore.Transaction(3, 11 * Day));
        var sum = await SumAsync(source, table);
        Assert.Equal(2, sum.Rows);
        Assert.False(await source.DeleteAsync(table, Old, default, Token));

        // A stage that came late, and a row that came late.
        await test.ApplyAsync(TestStore.Slot((10 * Day) + 7, SightingStage.Finalized));
        Assert.False(await source.DeleteAsync(table, Old, sum, Token));
        sum = await SumAsync(source, table);
        await test.ApplyAsync(TestStore.Transaction(4, (10 * Day) + 9));
        Assert.False(await source.DeleteAsync(table, Old, sum, Token));
        Assert.Equal(4, test.Scalar("SELECT count(*) FROM transactions"));

        Assert.True(await source.DeleteAsync(table, Old, await SumAsync(source, table), Token));
        Assert.Equal(1, test.Scalar("SELECT count(*) FROM transactions"));
        Assert.Equal(default, await SumAsync(source, table));
        Assert.True(await source.DeleteAsync(table, Old, default, Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await source.DeleteAsync(HistoryTables.Nodes, Old, default, Token));

        // The store goes on taking rows, also such as were moved away: the mover knows them for repeats.
        await test.ApplyAsync(TestStore.Transaction(5, (10 * Day) + 9));
        await test.ReopenAsync();
        await test.ApplyAsync(TestStore.Transaction(1, (10 * Day) + 5));
        Assert.Equal(3, test.Scalar("SELECT count(*) FROM transactions"));
    }

    [Fact]
    public async Task Rows_are_read_as_they_are_at_one_moment()
    {
        await using var test = await TestStore.OpenAsync();
        ITierSource source = test.Store;
        await test.ApplyAsync([.. Enumerable.Range(1, 20_000).Select(static i => TestStore.Transaction(i, (10 * Day) + (ulong)i))]);
        var before = await SumAsync(source, HistoryTables.Transactions);
        var (sum, changed) = (default(RowSum), false);
        await foreach (var rows in source.ReadAsync(HistoryTables.Transactions, Old, Token))
        {
            sum = sum.Add(rows);
            Assert.InRange(rows.RowCount, 1, 19_999);
            if (!changed)
            {
                await test.ApplyAsync(TestStore.Slot((10 * Day) + 19_999, SightingStage.Finalized), TestStore.Transaction(20_001, (10 * Day) + 30_000));
                changed = true;
            }
        }

        Assert.Equal(before, sum);
        Assert.NotEqual(before, await SumAsync(source, HistoryTables.Transactions));
    }

    [Fact]
    public async Task Mover_takes_days_out_of_the_database_with_a_stage_that_comes_while_it_copies()
    {
        await using var test = await TestStore.OpenAsync();
        ITierSource source = test.Store;
        await test.ApplyAsync(TestStore.Transaction(1, (10 * Day) + 5), TestStore.Transaction(2, (10 * Day) + 7), TestStore.Opportunity(1, 1, r => r with { Slot = (10 * Day) + 5, Flags = OpportunityFlags.Observed }));
        await test.ApplyAsync(TestStore.Slot((10 * Day) + 5, SightingStage.Finalized), TestStore.Slot((10 * Day) + 7, SightingStage.Confirmed), TestStore.Slot((10 * Day) + 9, SightingStage.Finalized));
        await test.ApplyAsync(TestStore.Transaction(3, 50 * Day, r => r with { BlockTimeSeconds = Start.AddDays(40).ToUnixTimeSeconds() }));
        var wanted = 2;
        _target.AfterWrite = async table =>
        {
            // Twice: what was copied is copied again, and then once more.
            if (table == HistoryTables.Transactions && wanted-- > 0)
            {
                await test.ApplyAsync(wanted > 0 ? TestStore.Prediction("m", (new Lsn(1), 0.5f)) : TestStore.Slot((10 * Day) + 7, SightingStage.Finalized));
            }
        };
        using var mover = new TierMover(source, _target, cold: null, _catalogue, timeProvider: _time);
        Assert.Equal(1, await mover.RunAsync(Token));
        Assert.True(wanted < 0, "the transactions were copied twice at most");
        var entry = Assert.Single((await _catalogue.ReadAsync(Token)).Entries);
        Assert.False(entry.IsPending);
        Assert.Equal(["mev_opportunities", "slots", "transactions"], entry.Parts.Select(static part => part.Table).Order());
        Assert.Equal(1, test.Scalar("SELECT count(*) FROM transactions"));
        Assert.Equal(0, test.Scalar("SELECT count(*) FROM mev_opportunities") + test.Scalar($"SELECT count(*) FROM slots WHERE slot < {11 * Day}"));
        var moved = _target.Rows(HistoryTables.Transactions, static (ref RowReader reader) =>
        {
            var lsn = reader.ReadUInt64();
            for (var i = 1; i < 5; i++)
            {
                reader.Skip();
            }

            var stage = reader.ReadUInt8();
            while (reader.Column < HistoryTables.Transactions["score"].Ordinal)
            {
                reader.Skip();
            }

            return (lsn, stage, reader.ReadNull() ? -1 : reader.ReadFloat32());
        });
        Assert.Equal([(1UL, (byte)SightingStage.Finalized, 0.5f), (2UL, (byte)SightingStage.Finalized, -1f)], moved);
    }

    [Fact]
    public async Task Projection_goes_on_while_days_are_moved_and_no_row_is_lost_or_stored_twice()
    {
        await using var test = await TestStore.OpenAsync();
        const int days = 6;
        const int rows = 500;
        await test.ApplyAsync([.. Enumerable.Range(0, days * rows).Select(static i => TestStore.Transaction(i, ((10 + ((ulong)i / rows)) * Day) + (ulong)(i % rows)))]);
        await test.ApplyAsync(TestStore.Transaction(int.MaxValue, 50 * Day, r => r with { BlockTimeSeconds = Start.AddDays(40).ToUnixTimeSeconds() }));
        using var mover = new TierMover(test.Store, _target, cold: null, _catalogue, timeProvider: _time);
        var next = days * rows;
        _target.AfterWrite = async _ =>
        {
            // Repeats, new rows and stages of the very days that are moved.
            await test.ApplyAsync(
                TestStore.Transaction(next % (days * rows), (10 * Day) + (ulong)(next % rows)),
                TestStore.Transaction(next, (10 + (ulong)(next % days)) * Day),
                TestStore.Slot((10 + (ulong)(next % days)) * Day, SightingStage.Confirmed));
            next++;
        };
        for (var pass = 0; pass < 3; pass++)
        {
            // A row that changes again and again stays for the next pass.
            await Record.ExceptionAsync(async () => await mover.RunAsync(Token));
        }

        _target.AfterWrite = null;
        await mover.RunAsync(Token);
        await mover.RunAsync(Token);
        var stored = _target.Rows(HistoryTables.Transactions, static (ref RowReader reader) =>
        {
            reader.Skip();
            reader.Skip();
            return Convert.ToHexString(reader.ReadSignature());
        });
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Equal(next + 1, stored.Count + test.Scalar("SELECT count(*) FROM transactions"));
        Assert.True(stored.Count >= days * rows, $"{stored.Count} rows were moved");
    }

    private static async Task<RowSum> SumAsync(ITierSource source, HistoryTable table)
    {
        var sum = default(RowSum);
        await foreach (var rows in source.ReadAsync(table, Old, Token))
        {
            sum = sum.Add(rows);
        }

        return sum;
    }

    private static (Int128 Range, UInt128 Key) AssertInOrder(RowBuffer rows, TierPartition partition, (Int128 Range, UInt128 Key) last)
    {
        for (var reader = rows.Read(); reader.NextRow();)
        {
            var (range, key) = (Int128.Zero, UInt128.Zero);
            var row = new RowReader(rows.Table, reader.Row);
            row.NextRow();
            foreach (var column in rows.Table.Columns)
            {
                var value = row.ReadValue();
                if (column == rows.Table.RangeColumn)
                {
                    range = value is ulong slot ? slot : (long)value!;
                }

                if (rows.Table.KeyColumns.Contains(column))
                {
                    key = (key << 64) | (value is ulong lsn ? lsn : (ushort)value!);
                }
            }

            Assert.InRange(range, partition.First, partition.Last);
            Assert.True((range, key).CompareTo(last) >= 0, $"{rows.Table}: {(range, key)} behind {last}");
            last = (range, key);
        }

        return last;
    }
}
