using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage.Tests.Journal;

public sealed class RecoveryTests : IDisposable
{
    private const int Records = 30;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Torn_tail_at_every_byte_of_the_last_block_keeps_all_blocks_before()
    {
        var (bytes, blocks) = await WriteUnsealedAsync(flushEach: true);
        var last = blocks[^1].Offset;
        for (var length = last; length < bytes.Length; length++)
        {
            await using var journal = Reopen(bytes.AsSpan(0, (int)length));
            var kept = Records - (int)blocks[^1].RecordCount;
            Assert.Equal(kept, journal.Statistics.Records);
            Assert.Equal(Lsn.Create(0, (ulong)kept), journal.DurableLsn);
            Assert.True(journal.NextLsn > Lsn.Create(0, Records), "Numbers of the torn records may have been handed out.");
            if (length % 64 == 0)
            {
                Assert.All(await journal.ReadAllAsync(), static r => Assert.True(r.IsExpectedTransaction()));
            }
        }
    }

    [Fact]
    public async Task Recovered_journal_goes_on_and_opens_again()
    {
        var (bytes, _) = await WriteUnsealedAsync(flushEach: true);
        Lsn next;
        int count;
        await using (var journal = Reopen(bytes.AsSpan(0, bytes.Length - 5)))
        {
            next = journal.NextLsn;
            await journal.WriteAsync(10, firstSequence: (ulong)journal.Statistics.Records + 1);
            count = (int)journal.Statistics.Records;
        }

        await using var again = RecordJournal.Open(JournalHarness.Options(_folder.Combine("copy")));
        var read = await again.ReadAllAsync();
        Assert.Equal(count, read.Count);
        Assert.InRange(count, 11, Records + 9);
        Assert.Equal(next, read[^10].Lsn);
        Assert.All(read, static (r, i) => Assert.True(r.Position.Sequence == (ulong)i + 1 && r.IsExpectedTransaction()));
    }

    [Fact]
    public async Task Damage_before_the_tail_is_refused_with_file_and_offset_and_nothing_is_changed()
    {
        var (bytes, blocks) = await WriteUnsealedAsync(flushEach: true);
        foreach (var offset in new[] { blocks[0].Offset + 5, blocks[0].Offset + BlockHeader.Size + 9, blocks[^3].Offset + 30 })
        {
            var damaged = (byte[])bytes.Clone();
            damaged[offset] ^= 0x10;
            var e = Assert.Throws<InvalidDataException>(() => Reopen(damaged));
            var block = blocks.Last(b => b.Offset <= offset);
            Assert.Contains($"00000001.mevj' is damaged at byte {block.Offset}:", e.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, await File.ReadAllBytesAsync(_folder.Combine("copy", "00000001.mevj"), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Lost_block_of_a_group_that_was_never_synced_is_a_torn_tail()
    {
        // One group of several blocks: the system may write the later ones first.
        var (bytes, blocks) = await WriteUnsealedAsync(flushEach: false);
        Assert.True(blocks.Count > 1 && blocks.All(b => b.DurableLength == blocks[0].DurableLength), "The test needs one group of several blocks.");
        bytes[blocks[1].Offset + BlockHeader.Size + 3] ^= 1;
        await using var journal = Reopen(bytes);
        Assert.Equal(blocks[0].RecordCount, journal.Statistics.Records);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bit_flip_anywhere_is_an_error_or_changes_nothing_that_is_read(bool isSealed)
    {
        var (bytes, _) = await WriteUnsealedAsync(flushEach: true, count: 6, wireBytes: 40);
        if (isSealed)
        {
            await Reopen(bytes).DisposeAsync();
            bytes = await File.ReadAllBytesAsync(_folder.Combine("copy", "00000001.mevj"), TestContext.Current.CancellationToken);
        }

        int refused = 0, shorter = 0;
        for (var bit = 0; bit < bytes.Length * 8; bit += 3)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                await using var journal = Reopen(damaged);
                var read = await journal.ReadAllAsync();
                Assert.All(read, static (r, i) => Assert.True(r.Lsn.Counter == (ulong)i + 1 && r.Position.Sequence == (ulong)i + 1 && r.IsExpectedTransaction(40)));
                shorter += read.Count < 6 ? 1 : 0;
            }
            catch (InvalidDataException e)
            {
                Assert.Contains("00000001.mevj", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(refused > 0);
        Assert.Equal(isSealed, shorter == 0);
    }

    [Fact]
    public async Task Missing_segment_and_missing_seal_before_the_last_are_refused()
    {
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path)))
        {
            await journal.WriteAsync(1500);
            Assert.True(journal.Statistics.Segments > 3);
        }

        var second = _folder.Combine("00000002.mevj");
        var bytes = await File.ReadAllBytesAsync(second, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(second, bytes[..^BlockHeader.Size], TestContext.Current.CancellationToken);
        Assert.Contains("seal", Assert.Throws<InvalidDataException>(() => RecordJournal.Open(JournalHarness.Options(_folder.Path))).Message, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(second, [.. bytes, 1, 2, 3], TestContext.Current.CancellationToken);
        Assert.Contains("3 bytes follow", Assert.Throws<InvalidDataException>(() => RecordJournal.Open(JournalHarness.Options(_folder.Path))).Message, StringComparison.Ordinal);
        File.Delete(second);
        Assert.Contains(second, Assert.Throws<InvalidDataException>(() => RecordJournal.Open(JournalHarness.Options(_folder.Path))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1500)]
    [InlineData(5)]
    public async Task All_segments_that_are_gone_are_told_and_an_empty_journal_goes_on_only_when_asked(int records)
    {
        Lsn last;
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path)))
        {
            last = await journal.WriteAsync(records);
        }

        var newest = Directory.GetFiles(_folder.Path, "*.mevj").Order().Last();
        Array.ForEach(Directory.GetFiles(_folder.Path, "*.mevj"), File.Delete);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var e = Assert.Throws<InvalidDataException>(() => RecordJournal.Open(JournalHarness.Options(_folder.Path)));
            Assert.All([newest, $"up to LSN {last}", "restore", _folder.Combine(DurableMark.FileName), _folder.Combine(LsnLimitFile.FileName)], part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
        }

        // As the message says; the second start finds nothing to complain of, also when the first took no record.
        File.Delete(_folder.Combine(DurableMark.FileName));
        await RecordJournal.Open(JournalHarness.Options(_folder.Path)).DisposeAsync();
        await using var again = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        Assert.True(again.NextLsn > last);
        await again.WriteAsync(3);
        Assert.Equal(3, (await again.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task Last_segment_that_was_never_sealed_and_is_gone_is_told_of_by_the_mark()
    {
        var torn = _folder.Combine("torn");
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal"))))
        {
            await journal.WriteAsync(1500);

            // As a killed writer leaves it: durable, not sealed.
            Directory.CreateDirectory(torn);
            foreach (var file in Directory.GetFiles(_folder.Combine("journal")).Where(static file => !file.EndsWith(JournalFolder.LockFileName, StringComparison.Ordinal)))
            {
                using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var to = File.Create(Path.Combine(torn, Path.GetFileName(file)));
                await from.CopyToAsync(to, TestContext.Current.CancellationToken);
            }
        }

        var last = Directory.GetFiles(torn, "*.mevj").Order().Last();
        File.Delete(last);
        var e = Assert.Throws<InvalidDataException>(() => RecordJournal.Open(JournalHarness.Options(torn)));
        Assert.Contains(last, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Last_segment_that_is_gone_or_was_cut_after_it_was_sealed_is_refused()
    {
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path)))
        {
            await journal.WriteAsync(1500);
        }

        var last = Directory.GetFiles(_folder.Path, "*.mevj").Order().Last();
        var bytes = await File.ReadAllBytesAsync(last, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(last, bytes[..^BlockHeader.Size], TestContext.Current.CancellationToken);
        Assert.Contains(last, Assert.Throws<InvalidDataException>(() => RecordJournal.Open(JournalHarness.Options(_folder.Path))).Message, StringComparison.Ordinal);
        File.Delete(last);
        var e = Assert.Throws<InvalidDataException>(() => RecordJournal.Open(JournalHarness.Options(_folder.Path)));
        Assert.Contains(last, e.Message, StringComparison.Ordinal);
        Assert.Contains(LsnLimitFile.FileName, e.Message, StringComparison.Ordinal);
        Assert.Contains(DurableMark.FileName, e.Message, StringComparison.Ordinal);

        // Once it is said that it is lost, the rest goes on, under numbers that were never given.
        File.Delete(_folder.Combine(LsnLimitFile.FileName));
        File.Delete(_folder.Combine(DurableMark.FileName));
        await using var rest = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        Assert.True(rest.NextLsn > Lsn.Create(0, 1500));
        Assert.True(rest.Statistics.Records is > 0 and < 1500);
    }

    [Fact]
    public async Task Damage_in_the_last_group_of_a_killed_process_is_noticed_by_the_durable_mark()
    {
        var disk = new FailingDisk();
        var journal = JournalHarness.Open(JournalHarness.Options(_folder.Path), disk);
        await journal.WriteAsync(20, perBatch: 20);
        var path = _folder.Combine("00000001.mevj");
        var length = new FileInfo(path).Length;
        disk.SyncsFail = true;
        await Assert.ThrowsAsync<JournalFaultedException>(() => journal.WriteAsync(1, firstSequence: 21));
        await journal.DisposeAsync();
        var bytes = (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken))[..(int)length];
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var e = Assert.Throws<InvalidDataException>(() => RecordJournal.Open(JournalHarness.Options(_folder.Path)));
        Assert.Contains($"'{DurableMark.FileName}'", e.Message, StringComparison.Ordinal);

        // Without the mark it looks like a torn tail.
        File.Delete(_folder.Combine(DurableMark.FileName));
        await using var again = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        Assert.True(again.Statistics.Records < 20);
    }

    [Fact]
    public async Task Oldest_segments_may_be_archived_away()
    {
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path)))
        {
            await journal.WriteAsync(1500);
        }

        File.Delete(_folder.Combine("00000001.mevj"));
        await using var rest = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        var read = await rest.ReadAllAsync();
        Assert.InRange(read.Count, 1, 1499);
        Assert.Equal(1500UL, read[^1].Position.Sequence);
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("empty")]
    [InlineData("damaged")]
    public async Task Lost_limit_skips_more_numbers_than_can_have_been_handed_out(string how)
    {
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path)))
        {
            await journal.WriteAsync(10);
        }

        var limit = _folder.Combine(LsnLimitFile.FileName);
        var bytes = await File.ReadAllBytesAsync(limit, TestContext.Current.CancellationToken);
        if (how == "lost")
        {
            File.Delete(limit);
        }
        else
        {
            bytes[17] ^= 1;
            await File.WriteAllBytesAsync(limit, how == "empty" ? [] : bytes, TestContext.Current.CancellationToken);
        }

        await using var again = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        Assert.True(again.NextLsn >= Lsn.Create(0, 10 + LsnLimitFile.LostSkip));
        await again.WriteAsync(1, firstSequence: 11);
    }

    [Fact]
    public async Task Other_log_id_is_refused_by_name()
    {
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path, static o => o.LogId = 3)))
        {
            await journal.WriteAsync(10);
            Assert.Equal(3, journal.DurableLsn.LogId);
        }

        var e = Assert.Throws<InvalidDataException>(() => RecordJournal.Open(JournalHarness.Options(_folder.Path)));
        Assert.Contains("log 3", e.Message, StringComparison.Ordinal);
        Assert.Contains("Mev:Storage:Journal:LogId", e.Message, StringComparison.Ordinal);
    }

    // What a killed process leaves: the segment as it stood before the seal.
    private async Task<(byte[] Bytes, List<BlockHeaderAt> Blocks)> WriteUnsealedAsync(bool flushEach, int count = Records, int wireBytes = 200)
    {
        var source = _folder.Combine("source");
        byte[] bytes;
        await using (var journal = RecordJournal.Open(JournalHarness.Options(source, o => (o.BlockBytes, o.CommitInterval) = (4 << 10, TimeSpan.FromSeconds(30)))))
        {
            if (flushEach)
            {
                for (var done = 0; done < count; done += count / 3)
                {
                    await WriteOneAsync(journal, count / 3, done, wireBytes);
                }
            }
            else
            {
                await WriteOneAsync(journal, count, 0, wireBytes);
            }

            bytes = await File.ReadAllBytesAsync(Path.Combine(source, "00000001.mevj"), TestContext.Current.CancellationToken);
            Directory.CreateDirectory(_folder.Combine("limit"));
            File.Copy(Path.Combine(source, LsnLimitFile.FileName), _folder.Combine("limit", LsnLimitFile.FileName));
        }

        var scanner = new SegmentScanner(JournalDisk.System, Path.Combine(source, "00000001.mevj"), 1, 0, keys: null);
        scanner.Scan(isFirst: true, isLast: true, Lsn.None);
        return (bytes, [.. scanner.Blocks.Select(static b => new BlockHeaderAt(b.Offset, b.Header.RecordCount, b.Header.DurableLength))]);
    }

    private static async Task WriteOneAsync(RecordJournal journal, int count, int done, int wireBytes)
    {
        var batch = TestRecords.Transactions(journal.NextLsn, count, (ulong)done + 1, wireBytes: wireBytes);
        await journal.WriteAsync(batch);
        batch.Release();
        await journal.FlushAsync();
    }

    private RecordJournal Reopen(ReadOnlySpan<byte> segment)
    {
        var copy = _folder.Combine("copy");
        if (Directory.Exists(copy))
        {
            Directory.Delete(copy, recursive: true);
        }

        Directory.CreateDirectory(copy);
        File.WriteAllBytes(Path.Combine(copy, "00000001.mevj"), segment);
        File.Copy(_folder.Combine("limit", LsnLimitFile.FileName), Path.Combine(copy, LsnLimitFile.FileName));
        return JournalHarness.Open(JournalHarness.Options(copy), new UnsyncedDisk());
    }

    // Thousands of openings: what syncs do is the simulated disk's business.
    private sealed class UnsyncedDisk : JournalDisk
    {
        public override JournalFile Open(string path, FileMode mode) => new UnsyncedFile(path, mode);

        public override void SyncDirectory(string directory)
        {
        }

        private sealed class UnsyncedFile(string path, FileMode mode) : DiskFile(path, mode, FileAccess.ReadWrite)
        {
            public override void Flush()
            {
            }
        }
    }

    private sealed record BlockHeaderAt(long Offset, uint RecordCount, ulong DurableLength);
}
