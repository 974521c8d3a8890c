using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Journal;

public sealed class RecordJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(JournalFsync.Interval, JournalCompression.Fast)]
    [InlineData(JournalFsync.EveryCommit, JournalCompression.High)]
    [InlineData(JournalFsync.None, JournalCompression.None)]
    public async Task Read_after_flush_gives_back_every_frame_and_position(JournalFsync fsync, JournalCompression compression)
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path, o => (o.Fsync, o.Compression) = (fsync, compression)));
        Assert.Equal(Lsn.Create(0, 1), journal.NextLsn);
        var last = await journal.WriteAsync(500);

        Assert.Equal(last, journal.DurableLsn);
        var read = await journal.ReadAllAsync();
        Assert.Equal(500, read.Count);
        Assert.All(read, (r, i) =>
        {
            Assert.Equal(Lsn.Create(0, (ulong)i + 1), r.Lsn);
            Assert.Equal(new StreamPosition(7, 99, (ulong)i + 1), r.Position);
            Assert.True(r.IsExpectedTransaction());
        });
        Assert.Equal([new StreamPosition(7, 99, 500)], journal.DurablePositions);
    }

    [Fact]
    public async Task Read_from_the_middle_of_a_block_starts_at_that_record()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        await journal.WriteAsync(100);
        for (ulong from = 1; from <= 101; from += 9)
        {
            var read = await journal.ReadAllAsync(Lsn.Create(0, from));
            Assert.Equal(101 - (int)from, read.Count);
            Assert.All(read, (r, i) => Assert.True(r.Lsn.Counter == from + (ulong)i && r.Position.Sequence == r.Lsn.Counter && r.IsExpectedTransaction()));
        }
    }

    [Fact]
    public async Task Reopen_continues_behind_every_number_and_knows_all_positions()
    {
        Lsn last;
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path)))
        {
            await journal.WriteAsync(300);
            last = await journal.WriteAsync(20, source: 8, session: 5);
        }

        await using var again = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        Assert.True(again.NextLsn > last);
        Assert.Equal(last, again.DurableLsn);
        Assert.Equal([new StreamPosition(7, 99, 300), new StreamPosition(8, 5, 20)], again.DurablePositions);
        await again.WriteAsync(50, firstSequence: 301);
        var read = await again.ReadAllAsync();
        Assert.Equal(370, read.Count);
        Assert.Equal(read.Select(static r => r.Lsn), read.Select(static r => r.Lsn).Distinct().Order());
    }

    [Fact]
    public async Task Batch_that_cannot_be_kept_is_refused_and_the_journal_goes_on()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        var torn = TestRecords.Metric(1);
        torn[^1] ^= 1;
        var tooLong = new byte[(64 << 20) + 8];
        BitConverter.TryWriteBytes(tooLong, tooLong.Length);
        byte[] repeats = [.. TestRecords.Metric(1), .. TestRecords.Metric(2)];
        foreach (var (frame, count) in new[] { (torn, 1), (tooLong, 1), (TestRecords.Metric(1)[..^8], 1), (TestRecords.Metric(1), 2), (repeats, 2) })
        {
            // Nobody stamped the frames: their sequence is 0, also that of the second one.
            var batch = RecordBatch.Borrow([frame], count, new StreamPosition(7, 99, 0), journal.NextLsn);
            await Assert.ThrowsAsync<BatchRefusedException>(async () => await journal.WriteAsync(batch, TestContext.Current.CancellationToken));
            batch.Release();
        }

        // The longest frame that a block holds, alone and longer than the buffer.
        var longest = TestRecords.Transaction(1, 1, (64 << 20) - TestRecords.Transaction(1, 1, 0).Length);
        Assert.Equal(64 << 20, longest.Length);
        var last = TestRecords.Batch([longest], journal.NextLsn);
        await journal.WriteAsync(last, TestContext.Current.CancellationToken);
        last.Release();
        await journal.WriteAsync(5, firstSequence: 2);
        Assert.Equal(JournalState.Writing, journal.State);
        Assert.Equal([new StreamPosition(7, 99, 6)], journal.DurablePositions);
        var read = await journal.ReadAllAsync();
        Assert.Equal((6, 64 << 20), (read.Count, read[0].Frame.Length));
    }

    [Fact]
    public async Task Segments_roll_by_size_and_are_read_as_one_log()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        await journal.WriteAsync(1500);
        var statistics = journal.Statistics;
        Assert.True(statistics.Segments > 2);
        Assert.Equal(1500, statistics.Records);
        Assert.Equal(Directory.GetFiles(_folder.Path, "*.mevj").Sum(static f => new FileInfo(f).Length), statistics.StoredBytes);
        Assert.True(statistics.StoredBytes < statistics.RawBytes);
        Assert.All(await journal.ReadAllAsync(), static (r, i) => Assert.True(r.Lsn.Counter == (ulong)i + 1 && r.IsExpectedTransaction()));
    }
}
