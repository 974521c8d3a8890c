using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Journal;

public sealed class RangeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Healed_hole_is_taken_behind_younger_records_and_closes_the_range()
    {
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path)))
        {
            await journal.WriteAsync(10);
            await journal.WriteAsync(5, firstSequence: 21);
            await journal.WriteAsync(5, source: 8, session: 5);
            Assert.Equal([new(7, 99, 1, 10), new(7, 99, 21, 25), new SequenceRange(8, 5, 1, 5)], journal.DurableRanges);
            await journal.WriteAsync(4, firstSequence: 14);
            Assert.Equal([new(8, 5, 1, 5), new(7, 99, 1, 10), new(7, 99, 14, 17), new SequenceRange(7, 99, 21, 25)], journal.DurableRanges);
        }

        await using var again = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        Assert.Equal([new(8, 5, 1, 5), new(7, 99, 1, 10), new(7, 99, 14, 17), new SequenceRange(7, 99, 21, 25)], again.DurableRanges);
        await again.WriteAsync(3, firstSequence: 11);
        await again.WriteAsync(3, firstSequence: 18);
        Assert.Equal([new(8, 5, 1, 5), new SequenceRange(7, 99, 1, 25)], again.DurableRanges);
        Assert.Equal([new(8, 5, 5), new StreamPosition(7, 99, 25)], again.DurablePositions);
        var read = await again.ReadAllAsync();
        Assert.Equal(30, read.Count);
        Assert.All(read, static r => Assert.True(r.IsExpectedTransaction()));
    }

    [Fact]
    public async Task GetLastLsn_is_that_of_the_sessions_newest_record_also_after_opening_and_for_readers()
    {
        Lsn last;
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path)))
        {
            await journal.WriteAsync(10);
            last = journal.DurableLsn;
            await journal.WriteAsync(5, source: 8, session: 5);
            Assert.Equal((last, journal.DurableLsn, Lsn.None), (journal.GetLastLsn(7, 99), journal.GetLastLsn(8, 5), journal.GetLastLsn(8, 99)));
        }

        await using (var again = RecordJournal.Open(JournalHarness.Options(_folder.Path)))
        {
            Assert.Equal(last, again.GetLastLsn(7, 99));
        }

        using var reader = JournalReader.Open(_folder.Path);
        Assert.Equal(last, reader.GetLastLsn(7, 99));
    }

    /// <summary>Ranges added in any order are the set of numbers they hold, written as its longest runs.</summary>
    [Property(MaxTest = 300)]
    public Property Ranges_are_the_runs_of_the_set() => Prop.ForAll(
        Gen.Choose(1, 40).Zip(Gen.Choose(0, 6)).ListOf(15).ToArbitrary(),
        static added =>
        {
            var table = new RangeTable();
            var set = new SortedSet<ulong>();
            foreach (var (first, length) in added)
            {
                table.Add(new SequenceRange(1, 2, (ulong)first, (ulong)(first + length)), new Lsn(1));
                set.UnionWith(Enumerable.Range(first, length + 1).Select(static n => (ulong)n));
            }

            var runs = set.Where(n => !set.Contains(n - 1)).Select(n => new SequenceRange(1, 2, n, set.First(last => last >= n && !set.Contains(last + 1))));
            return table.GetRanges().Select(static r => r.Range).SequenceEqual(runs) && table.GetPosition(1, 2) == set.Max;
        });

    [Fact]
    public void Ranges_at_the_ends_of_the_numbers_do_not_wrap()
    {
        var table = new RangeTable();
        table.Add(new SequenceRange(1, 2, ulong.MaxValue, ulong.MaxValue), new Lsn(1));
        table.Add(new SequenceRange(1, 2, 0, 0), new Lsn(2));
        Assert.Equal([new(1, 2, 0, 0), new SequenceRange(1, 2, ulong.MaxValue, ulong.MaxValue)], table.GetRanges().Select(static r => r.Range));
    }

    [Fact]
    public void Ranges_of_a_session_are_bounded_and_a_replay_finds_its_place()
    {
        var table = new RangeTable();
        const ulong Holes = 100_000;
        for (ulong i = 0; i < Holes; i++)
        {
            table.Add(new SequenceRange(1, 2, 1 + (2 * i), 1 + (2 * i)), new Lsn(1));
        }

        var ranges = table.GetRanges();
        Assert.Equal(RangeTable.MaxPerSession, ranges.Count);
        Assert.Equal((2 * Holes) - 1, ranges[^1].Range.Last);
        Assert.All(ranges, static r => Assert.True(r.Range.First == r.Range.Last && r.Range.First % 2 == 1));

        // Every hole but one heals, the last first.
        var first = ranges[0].Range.First;
        for (var hole = (2 * Holes) - 2; hole > first + 1; hole -= 2)
        {
            table.Add(new SequenceRange(1, 2, hole, hole), new Lsn(2));
        }

        Assert.Equal(new SequenceRange(1, 2, first + 2, (2 * Holes) - 1), table.GetRanges()[^1].Range);
        Assert.Equal(new SequenceRange(1, 2, first, first), table.GetRanges()[^2].Range);
    }

    [Fact]
    public void Ranges_carried_hold_the_position_of_every_source_and_then_the_latest()
    {
        var table = new RangeTable();
        var lsn = 0UL;
        table.Add(new SequenceRange(8, 5, 1, 1), new Lsn(++lsn));
        table.Add(new SequenceRange(8, 5, 3, 9), new Lsn(++lsn));

        // One source that comes with ever new sessions, and one with ever more holes.
        for (ulong session = 1; session <= RangesPayload.MaxEntries; session++)
        {
            table.Add(new SequenceRange(7, session, 1, 1), new Lsn(++lsn));
        }

        for (ulong i = 1; i <= 20_000; i++)
        {
            table.Add(new SequenceRange(9, 1, 2 * i, 2 * i), new Lsn(++lsn));
        }

        var carried = RangesPayload.Read(RangesPayload.Write(table.GetRanges()))!;
        Assert.Equal(RangesPayload.MaxEntries, carried.Count);
        Assert.Equal(new SequenceRange(8, 5, 3, 9), carried[0].Range);
        Assert.Equal(new SequenceRange(9, 1, 40_000, 40_000), carried[^1].Range);
        Assert.Equal(RangesPayload.MaxEntries, carried.Select(static r => (r.Range.SourceId, r.Range.SessionId)).Distinct().Count());
        Assert.DoesNotContain(carried, static r => r.Range is { SourceId: 7, SessionId: 1 });

        // Without the many sessions there is room for ranges, of the latest session first.
        table = new RangeTable();
        table.Add(new SequenceRange(8, 5, 1, 1), new Lsn(1));
        for (ulong session = 1; session <= 5; session++)
        {
            for (ulong i = 1; i <= RangeTable.MaxPerSession; i++)
            {
                table.Add(new SequenceRange(7, session, 2 * i, 2 * i), new Lsn(1 + session));
            }
        }

        carried = RangesPayload.Read(RangesPayload.Write(table.GetRanges()))!;
        Assert.Equal(new SequenceRange(8, 5, 1, 1), carried[0].Range);
        Assert.Equal(
            [(1UL, 1), (2UL, RangeTable.MaxPerSession - 2), (3UL, RangeTable.MaxPerSession), (4UL, RangeTable.MaxPerSession), (5UL, RangeTable.MaxPerSession)],
            carried.Skip(1).GroupBy(static r => r.Range.SessionId).Select(static g => (g.Key, g.Count())));
        Assert.All(carried.Skip(1).GroupBy(static r => r.Range.SessionId), static g => Assert.Equal(2UL * RangeTable.MaxPerSession, g.Last().Range.Last));
    }

    [Fact]
    public async Task Read_of_some_templates_skips_blocks_without_them_and_none_that_has()
    {
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path)))
        {
            await journal.WriteAsync(500);
            await WriteMetricAsync(journal);
            await journal.WriteAsync(500, firstSequence: 501);
            await WriteMetricAsync(journal);
        }

        await using var again = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        var batches = 0;
        var metrics = 0;
        await foreach (var batch in again.ReadAsync(Lsn.None, follow: false, TemplateSet.Of(TemplateIds.Metric), TestContext.Current.CancellationToken))
        {
            batches++;
            foreach (var record in batch)
            {
                metrics += record.Header.TemplateId == TemplateIds.Metric ? 1 : 0;
            }

            batch.Release();
        }

        Assert.Equal((2, 2), (batches, metrics));
        Assert.Equal(0, await CountAsync(again, TemplateSet.Of(TemplateIds.Gap, TemplateIds.Slot)));
        Assert.Equal(1002, await CountAsync(again, TemplateSet.Of(TemplateIds.Gap, TemplateIds.Metric, TemplateIds.Transaction)));
    }

    [Fact]
    public void Template_set_holds_what_it_was_made_of_and_refuses_what_is_no_record()
    {
        var set = TemplateSet.Of(TemplateIds.Gap, 63);
        Assert.True(set.Contains(TemplateIds.Gap) && set.Contains(63) && !set.Contains(TemplateIds.Slot) && !set.Contains(TemplateIds.Hello));
        Assert.True(TemplateSet.All.Contains(TemplateIds.Slot) && TemplateSet.Of() == TemplateSet.All);
        Assert.Throws<ArgumentOutOfRangeException>(static () => TemplateSet.Of(TemplateIds.Gap, TemplateIds.Hello));
        Assert.Throws<ArgumentOutOfRangeException>(static () => TemplateSet.Of(0));
    }

    [Fact]
    public void Block_without_a_map_may_hold_anything()
    {
        Assert.True(new BlockEntry(1, 128, 1, 1, TemplateMap: 0).MayHold(TemplateSet.Of(TemplateIds.Gap)));
        Assert.False(new BlockEntry(1, 128, 1, 1, TemplateMap: 0b11).MayHold(TemplateSet.Of(TemplateIds.Gap)));
        Assert.True(new BlockEntry(1, 128, 1, 1, TemplateMap: 0b11).MayHold(TemplateSet.All));
    }

    private static async Task WriteMetricAsync(RecordJournal journal)
    {
        var batch = TestRecords.Batch([TestRecords.Metric(1)], journal.NextLsn, source: 0, session: 0);
        await journal.WriteAsync(batch);
        batch.Release();
        await journal.FlushAsync();
    }

    private static async Task<int> CountAsync(RecordJournal journal, TemplateSet templates)
    {
        var count = 0;
        await foreach (var batch in journal.ReadAsync(Lsn.None, follow: false, templates))
        {
            count += batch.Count;
            batch.Release();
        }

        return count;
    }
}
