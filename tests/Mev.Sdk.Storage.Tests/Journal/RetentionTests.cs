using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Journal;

public sealed class RetentionTests : IDisposable
{
    private const long MaxBytes = 256 << 10;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Oldest_segments_go_and_every_session_still_resumes_where_it_was(bool encrypted)
    {
        var keys = encrypted ? TestKeys.With(1) : null;
        Lsn lastRemoved;
        await using (var journal = RecordJournal.Open(Options(), keys: keys))
        {
            await journal.WriteAsync(20, source: 8, session: 5);
            await journal.WriteAsync(20, firstSequence: 31, source: 8, session: 5);
            await journal.WriteAsync(6000, flushEach: true, perBatch: 100);
            await CheckAsync(journal);
            Assert.True(journal.Statistics.RemovedSegments > 2);
            Assert.True(journal.Statistics.RemovedBytes > 128 << 10);
            lastRemoved = new Lsn((await journal.ReadAllAsync())[0].Lsn.Value - 1);
        }

        // Twice, so that what was carried is carried on.
        for (ulong run = 0; run < 2; run++)
        {
            await using var again = RecordJournal.Open(Options(), keys: keys);
            await CheckAsync(again);
            var e = await Assert.ThrowsAsync<RecordsRemovedException>(() => again.ReadAllAsync(lastRemoved));
            Assert.True(e.LastRemoved >= lastRemoved);
            Assert.Contains("Mev:Storage:Journal:Retention", e.Message, StringComparison.Ordinal);
            Assert.NotEmpty(await again.ReadAllAsync(e.LastRemoved.Add(1)));
        }

        await using var last = RecordJournal.Open(Options(), keys: keys);
        await last.WriteAsync(3000, firstSequence: 6001, flushEach: true, perBatch: 100);
        Assert.Equal([new(8, 5, 1, 20), new(8, 5, 31, 50), new SequenceRange(7, 99, 1, 9000)], last.DurableRanges);

        static async Task CheckAsync(RecordJournal journal)
        {
            await JournalHarness.UntilAsync(() => journal.Statistics.StoredBytes <= MaxBytes + (64 << 10));
            Assert.Equal([new(8, 5, 50), new StreamPosition(7, 99, 6000)], journal.DurablePositions);
            Assert.Equal([new(8, 5, 1, 20), new(8, 5, 31, 50), new SequenceRange(7, 99, 1, 6000)], journal.DurableRanges);
            var read = await journal.ReadAllAsync();
            Assert.Equal(journal.Statistics.Records, read.Count);
            Assert.Equal(read.Count, journal.CountAfter(Lsn.None));
            Assert.Equal(6000UL, read[^1].Position.Sequence);
            Assert.All(read, static r => Assert.True(r.IsExpectedTransaction()));
            Assert.True(journal.TryFindSlot(1, out var from));
            Assert.Equal(read[0].Lsn, from);
        }
    }

    [Fact]
    public async Task Stream_full_of_holes_does_not_make_the_journal_forget_where_another_is()
    {
        const ulong Holes = 120_000;
        var options = JournalHarness.Options(
            _folder.Path,
            static o => (o.SegmentBytes, o.BufferBytes, o.BlockBytes, o.Fsync, o.Retention.MaxBytes) = (4 << 20, 1 << 20, 4096, JournalFsync.None, 5 << 20));
        await using (var journal = RecordJournal.Open(options))
        {
            await journal.WriteAsync(1, source: 8, session: 5);
            var frame = TestRecords.Metric(1);
            for (ulong i = 0; i < Holes; i++)
            {
                var batch = TestRecords.Batch([frame], journal.NextLsn, 1 + (2 * i));
                await journal.WriteAsync(batch, TestContext.Current.CancellationToken);
                batch.Release();
            }

            await journal.FlushAsync(TestContext.Current.CancellationToken);
            Assert.True(journal.Statistics.RemovedSegments > 1);
        }

        await using var again = RecordJournal.Open(options);
        Assert.Equal([new(8, 5, 1), new StreamPosition(7, 99, (2 * Holes) - 1)], again.DurablePositions);
        Assert.Equal(1 + RangeTable.MaxPerSession, again.DurableRanges.Count);
        Assert.Equal(new SequenceRange(8, 5, 1, 1), again.DurableRanges[0]);
    }

    [Fact]
    public async Task Held_records_stay_until_they_were_read()
    {
        await using var journal = RecordJournal.Open(Options());
        var (all, some) = (new Hold { NeededFrom = new Lsn(ulong.MaxValue) }, new Hold());
        journal.AddRetentionHold(all);
        journal.AddRetentionHold(some);
        journal.AddRetentionHold(some);
        await journal.WriteAsync(4000, flushEach: true, perBatch: 100);
        Assert.Equal(0, journal.Statistics.RemovedSegments);
        Assert.Equal(4000, (await journal.ReadAllAsync()).Count);

        // The record itself is still needed, so its segment stays.
        some.NeededFrom = Lsn.Create(0, 2500);
        await journal.WriteAsync(10, firstSequence: 4001);
        await JournalHarness.UntilAsync(() => journal.Statistics.RemovedSegments > 0);
        var read = await journal.ReadAllAsync(Lsn.Create(0, 2500));
        Assert.Equal(2500UL, read[0].Lsn.Counter);

        journal.RemoveRetentionHold(some);
        await journal.WriteAsync(10, firstSequence: 4011);
        await JournalHarness.UntilAsync(() => journal.Statistics.StoredBytes <= MaxBytes);
    }

    [Fact]
    public async Task Segments_older_than_the_limit_go_and_the_newest_stays()
    {
        var time = new ManualTime();
        var options = JournalHarness.Options(_folder.Path, static o => (o.Retention.MaxAge, o.CommitInterval) = (TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)));
        await using (var journal = JournalHarness.Open(options, JournalDisk.System, time))
        {
            await journal.WriteAsync(1000);
            time.Advance(TimeSpan.FromMinutes(59));
            await journal.WriteAsync(10, firstSequence: 1001);
            Assert.Equal(0, journal.Statistics.RemovedSegments);
            time.Advance(TimeSpan.FromMinutes(2));
            await journal.WriteAsync(10, firstSequence: 1011);
            await JournalHarness.UntilAsync(() => journal.Statistics.Segments == 1);
            time.Advance(TimeSpan.FromDays(10));
            await journal.WriteAsync(10, firstSequence: 1021);
            Assert.Equal(1, journal.Statistics.Segments);
        }

        Assert.Single(Directory.GetFiles(_folder.Path, "*.mevj"));
        await using var again = RecordJournal.Open(options);
        Assert.Equal([new SequenceRange(7, 99, 1, 1030)], again.DurableRanges);
    }

    [Fact]
    public async Task Reader_inside_a_deleted_segment_finishes_its_batch_and_then_gets_a_clear_error()
    {
        await using var journal = RecordJournal.Open(Options());
        await journal.WriteAsync(500);
        var reader = journal.ReadAsync(Lsn.None, follow: true, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reader.MoveNextAsync());
        var batch = reader.Current;
        await journal.WriteAsync(5000, firstSequence: 501, flushEach: true, perBatch: 100);
        await JournalHarness.UntilAsync(() => !File.Exists(_folder.Combine("00000001.mevj")));
        var read = new List<StoredRecord>();
        JournalHarness.Collect(batch, read);
        batch.Release();
        Assert.All(read, static r => Assert.True(r.IsExpectedTransaction()));
        var e = await Assert.ThrowsAsync<RecordsRemovedException>(async () => await reader.MoveNextAsync());
        Assert.Equal(read[^1].Lsn.Add(1), e.From);
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task File_that_cannot_be_deleted_is_tried_again_and_leaves_no_hole()
    {
        var disk = new StubbornDisk { Refuses = true };
        await using (var journal = JournalHarness.Open(Options(), disk))
        {
            await journal.WriteAsync(5000, flushEach: true, perBatch: 100);
            Assert.True(disk.Refused > 1);
            Assert.Equal(1, journal.Statistics.RemovedSegments);
            Assert.True(File.Exists(_folder.Combine("00000001.mevj")));
            disk.Refuses = false;
            await journal.WriteAsync(10, firstSequence: 5001);
            await JournalHarness.UntilAsync(() => journal.Statistics.RemovedSegments > 2);
            Assert.False(File.Exists(_folder.Combine("00000001.mevj")));
        }

        await RecordJournal.Open(Options()).DisposeAsync();
    }

    [Fact]
    public void Wrong_limits_are_named()
    {
        var e = Assert.Throws<ArgumentException>(() => RecordJournal.Open(JournalHarness.Options(
            _folder.Path,
            static o => (o.Retention.MaxBytes, o.Retention.MaxAge) = (1, TimeSpan.Zero))));
        Assert.Contains("Mev:Storage:Journal:Retention:MaxBytes", e.Message, StringComparison.Ordinal);
        Assert.Contains("Mev:Storage:Journal:Retention:MaxAge", e.Message, StringComparison.Ordinal);
    }

    private JournalOptions Options() => JournalHarness.Options(_folder.Path, static o => o.Retention.MaxBytes = MaxBytes);

    private sealed class Hold : IRetentionHold
    {
        public Lsn NeededFrom { get; set; }
    }

    private sealed class StubbornDisk : JournalDisk
    {
        public bool Refuses { get; set; }

        public int Refused { get; private set; }

        public override void Delete(string path)
        {
            if (Refuses)
            {
                Refused++;
                throw new UnauthorizedAccessException("Access denied.");
            }

            base.Delete(path);
        }
    }
}
