using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Journal;

public sealed class JournalReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FailingDisk _disk = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reader_follows_a_writer_and_sees_nothing_before_it_is_durable(bool withMark)
    {
        var keys = TestKeys.With(1);
        var journal = RecordJournal.Prepare(JournalHarness.Options(_folder.Path), null, null, keys, _disk);
        journal.StartWriter();
        using var reader = JournalReader.Open(_folder.Path, keys);
        Assert.Equal((Lsn.None, Lsn.None), (reader.DurableLsn, reader.NextLsn));
        await journal.WriteAsync(20, perBatch: 20);
        Look();
        Assert.Equal(withMark ? 20 : 0, (await reader.ReadAllAsync()).Count);

        // Written, not synced: the file holds it, the reader does not show it.
        _disk.SyncsGoOn.Reset();
        var batch = TestRecords.Transactions(journal.NextLsn, 10, 21);
        var segment = _folder.Combine("00000001.mevj");
        var before = new FileInfo(segment).Length;
        await journal.WriteAsync(batch, TestContext.Current.CancellationToken);
        var flush = journal.FlushAsync(TestContext.Current.CancellationToken);
        await JournalHarness.UntilAsync(() => new FileInfo(segment).Length > before);
        Look();
        Assert.Equal(20, (await reader.ReadAllAsync()).Count);
        _disk.SyncsGoOn.Set();
        await flush;

        await journal.WriteAsync(2000, firstSequence: 31, flushEach: true);
        await journal.DisposeAsync();
        Look();
        Assert.Equal(journal.Statistics, reader.Statistics);
        Assert.Equal(journal.DurableRanges, reader.DurableRanges);
        Assert.Equal(journal.DurablePositions, reader.DurablePositions);
        Assert.Equal(2030, reader.CountAfter(Lsn.None));
        Assert.True(reader.TryFindSlot(1010, out var from) && from > Lsn.Create(0, 900));
        Assert.True(reader.TryFindTime(5, out _));
        Assert.All(await reader.ReadAllAsync(), static (r, i) => Assert.True(r.Position.Sequence == (ulong)i + 1 && r.IsExpectedTransaction()));

        void Look()
        {
            if (!withMark)
            {
                File.Delete(_folder.Combine(DurableMark.FileName));
            }

            reader.Refresh();
        }
    }

    [Fact]
    public async Task Following_reader_gets_every_record_once_over_restarts_and_ends_when_disposed()
    {
        var reader = JournalReader.Open(_folder.Path, pollInterval: TimeSpan.FromMilliseconds(5));
        var read = new List<StoredRecord>();
        var following = Task.Run(async () =>
        {
            await foreach (var batch in reader.ReadAsync(Lsn.None, follow: true))
            {
                lock (read)
                {
                    JournalHarness.Collect(batch, read);
                }

                batch.Release();
            }
        }, TestContext.Current.CancellationToken);
        for (ulong run = 0; run < 4; run++)
        {
            await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path));
            await journal.WriteAsync(700, firstSequence: run * 700 + 1, flushEach: run % 2 == 0);
        }

        await JournalHarness.UntilAsync(() =>
        {
            lock (read)
            {
                return read.Count >= 2800 || following.IsCompleted;
            }
        });
        reader.Dispose();
        await following;
        Assert.Equal(2800, read.Count);
        Assert.All(read, static (r, i) => Assert.True(r.Position.Sequence == (ulong)i + 1 && r.IsExpectedTransaction()));
        Assert.Equal(2800, (await reader.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task Crashed_journal_is_readable_without_recovery_and_stays_as_it_is()
    {
        var journal = JournalHarness.Open(JournalHarness.Options(_folder.Path), _disk);
        await journal.WriteAsync(20);
        _disk.SyncsFail = true;
        await Assert.ThrowsAsync<JournalFaultedException>(() => journal.WriteAsync(20, firstSequence: 21));
        await journal.DisposeAsync();
        var before = Snapshot();
        using var reader = JournalReader.Open(_folder.Path);
        Assert.Equal(20, (await reader.ReadAllAsync()).Count);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task Reader_notices_what_retention_deleted_under_it()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path, static o => o.Retention.MaxBytes = 256 << 10));
        await journal.WriteAsync(500);
        using var reader = JournalReader.Open(_folder.Path);
        var first = (await reader.ReadAllAsync())[0].Lsn;
        await journal.WriteAsync(5000, firstSequence: 501, flushEach: true, perBatch: 100);
        await JournalHarness.UntilAsync(() => journal.Statistics.StoredBytes <= 300 << 10);
        await Assert.ThrowsAsync<RecordsRemovedException>(() => reader.ReadAllAsync(first));
        reader.Refresh();
        await Assert.ThrowsAsync<RecordsRemovedException>(() => reader.ReadAllAsync(first));
        Assert.Equal(5500UL, (await reader.ReadAllAsync())[^1].Position.Sequence);
        Assert.Equal([new SequenceRange(7, 99, 1, 5500)], reader.DurableRanges);
    }

    [Fact]
    public async Task Missing_folder_wrong_key_and_damage_are_named()
    {
        var missing = Assert.Throws<DirectoryNotFoundException>(() => JournalReader.Open(_folder.Combine("nowhere")));
        Assert.All([_folder.Combine("nowhere"), "Mev:Storage:DataDirectory"], part => Assert.Contains(part, missing.Message, StringComparison.Ordinal));
        Assert.Throws<ArgumentOutOfRangeException>(() => JournalReader.Open(_folder.Path, pollInterval: TimeSpan.Zero));
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path), keys: TestKeys.With(1)))
        {
            await journal.WriteAsync(20);
        }

        Assert.Throws<JournalKeyException>(() => JournalReader.Open(_folder.Path));
        var path = _folder.Combine("00000001.mevj");
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[140] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        Assert.Contains("byte 128", Assert.Throws<InvalidDataException>(() => JournalReader.Open(_folder.Path, TestKeys.With(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wanted_templates_are_all_that_a_reader_looks_at()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        await journal.WriteAsync(100);
        using var reader = JournalReader.Open(_folder.Path);
        await foreach (var batch in reader.ReadAsync(Lsn.None, follow: false, TemplateSet.Of(TemplateIds.Gap), TestContext.Current.CancellationToken))
        {
            Assert.Fail($"A block from {batch.FirstLsn} holds no gap.");
        }
    }

    private Dictionary<string, string> Snapshot() =>
        Directory.GetFiles(_folder.Path).Where(static f => !f.EndsWith(".lock", StringComparison.Ordinal)).ToDictionary(static f => f, static f => Convert.ToHexString(File.ReadAllBytes(f)));
}
