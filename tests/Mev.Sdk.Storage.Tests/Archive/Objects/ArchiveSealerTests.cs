using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Tests.Journal;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

public sealed class ArchiveSealerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryBlobStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_journal_holds_is_in_the_archive_once_it_was_sealed()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));
        await journal.WriteAsync(4000);
        await journal.WriteAsync(500, 4001, source: 8, session: 100);
        using var sealer = Sealer(journal, static o => o.ObjectBytes = 1 << 20);
        Assert.Equal(journal.DurableLsn, await sealer.SealAsync(Cancellation));
        Assert.Equal((0L, journal.DurableLsn.Add(1)), (sealer.Lag, sealer.NeededFrom));
        Assert.True(sealer.Objects > 1);
        Assert.Equal(sealer.Objects, _store.Names.Count);
        await AssertHoldsAsync(journal);
        Assert.Empty((await new ArchiveSet(_store).VerifyAsync(cancellationToken: Cancellation)).Damages);

        // Nothing new: nothing is written.
        await sealer.SealAsync(Cancellation);
        Assert.Equal(sealer.Objects, _store.Names.Count);
    }

    [Fact]
    public async Task Another_sealer_goes_on_behind_what_is_there_and_writes_nothing_again()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));
        for (var round = 0; round < 3; round++)
        {
            await journal.WriteAsync(300, (ulong)(round * 300) + 1);
            var before = _store.Names.ToDictionary(static name => name, name => _store[name]);
            using var sealer = Sealer(journal);
            await sealer.SealAsync(Cancellation);
            Assert.Equal(round + 1, _store.Names.Count);
            Assert.All(before, entry => Assert.Same(entry.Value, _store[entry.Key]));
        }

        await AssertHoldsAsync(journal);
    }

    [Fact]
    public async Task As_a_service_it_tails_and_writes_what_waited_long_enough()
    {
        var time = new ManualDelays();
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));
        using var sealer = Sealer(journal, static o => o.MaxDelay = TimeSpan.FromHours(1), time: time);
        await sealer.StartAsync(Cancellation);
        await journal.WriteAsync(100);
        await JournalHarness.UntilAsync(() => time.Waits > 0);
        Assert.Empty(_store.Names);

        // Again and again: records that came after the first hours were over begin another object.
        await JournalHarness.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromHours(2));
            return sealer.ArchivedTo == journal.DurableLsn;
        });
        await AssertHoldsAsync(journal);
        await sealer.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Retention_waits_for_the_archive()
    {
        var options = JournalHarness.Options(_folder.Combine("journal"), static o => o.Retention.MaxBytes = 128 << 10);
        await using var journal = RecordJournal.Open(options);
        using var sealer = Sealer(journal);
        journal.AddRetentionHold(sealer);
        await journal.WriteAsync(6000, flushEach: true, perBatch: 200);
        Assert.True(journal.Statistics.StoredBytes > 512 << 10);
        await sealer.SealAsync(Cancellation);
        await journal.WriteAsync(10, 6001, flushEach: true);
        await JournalHarness.UntilAsync(() => journal.Statistics.StoredBytes <= 320 << 10);
        Assert.Equal(6000, (await new ArchiveSet(_store).ReadAsync(cancellationToken: Cancellation).CollectAsync()).Count);
    }

    [Fact]
    public async Task A_store_that_fails_is_tried_again_and_the_journal_takes_records()
    {
        var failures = 3;
        _store.OnWrite = _ =>
        {
            if (Interlocked.Decrement(ref failures) >= 0)
            {
                throw new IOException("The store is away.");
            }
        };
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));
        await journal.WriteAsync(4000);
        using var sealer = Sealer(journal, static o => (o.ObjectBytes, o.FirstRetryDelay, o.MaxRetryDelay) = (1 << 20, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20)));
        await sealer.StartAsync(Cancellation);
        await JournalHarness.UntilAsync(() => sealer.LastError is not null);
        await journal.WriteAsync(4000, 4001);
        await JournalHarness.UntilAsync(() => _store.Names.Count > 0 && sealer.LastError is null);
        await sealer.StopAsync(Cancellation);
        await sealer.SealAsync(Cancellation);
        await AssertHoldsAsync(journal);
    }

    [Fact]
    public async Task A_store_that_gives_back_other_bytes_is_noticed_before_the_journal_forgets()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));
        await journal.WriteAsync(50);
        _store.Corrupt = static (_, bytes) =>
        {
            bytes[bytes.Length / 2] ^= 1;
            return bytes;
        };
        using var sealer = Sealer(journal);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation));
        Assert.Equal(Lsn.None, sealer.NeededFrom);
        Assert.Empty(_store.Names);
        _store.Corrupt = null;
        await sealer.SealAsync(Cancellation);
        await AssertHoldsAsync(journal);
    }

    [Fact]
    public async Task An_object_that_another_sealer_put_first_is_taken_as_it_is_and_a_wrong_one_is_not()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));
        await journal.WriteAsync(50);
        using var other = Sealer(journal, spool: "other");
        using var sealer = Sealer(journal);
        _store.OnWrite = _ =>
        {
            _store.OnWrite = null;
            other.SealAsync(Cancellation).AsTask().GetAwaiter().GetResult();
        };
        Assert.Equal(journal.DurableLsn, await sealer.SealAsync(Cancellation));
        Assert.Equal((0, 1), (sealer.Objects, other.Objects));

        await journal.WriteAsync(50, 51);
        _store.OnWrite = name => _store[name] = _store[_store.Names[0]];
        await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation));
    }

    [Fact]
    public async Task An_object_that_the_store_took_and_said_it_did_not_is_not_written_again()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));
        await journal.WriteAsync(50);
        using var sealer = Sealer(journal);
        _store.AfterWrite = static _ => throw new IOException("The answer was lost.");
        await Assert.ThrowsAsync<IOException>(async () => await sealer.SealAsync(Cancellation));
        _store.AfterWrite = null;
        await journal.WriteAsync(50, 51);
        await sealer.SealAsync(Cancellation);
        Assert.Equal((2, 1), (_store.Names.Count, sealer.Objects));
        await AssertHoldsAsync(journal);
    }

    [Fact]
    public async Task A_damaged_last_object_stops_it()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));
        await journal.WriteAsync(50);
        using (var sealer = Sealer(journal))
        {
            await sealer.SealAsync(Cancellation);
        }

        _store[_store.Names[0]][^1] ^= 1;
        await journal.WriteAsync(50, 51);
        using var next = Sealer(journal);
        Assert.Contains(_store.Names[0], (await Assert.ThrowsAsync<InvalidDataException>(async () => await next.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal(Lsn.None, next.NeededFrom);
    }

    [Fact]
    public async Task An_archive_that_is_ahead_of_the_log_is_refused()
    {
        _store[ArchiveNames.Of(new Lsn(1), new Lsn(1_000_000_000))] = ArchiveHarness.Write([.. ArchiveHarness.Records(1, 5), .. ArchiveHarness.Records(1, 1, 1_000_000_000)], out _);
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));
        await journal.WriteAsync(50);
        using var sealer = Sealer(journal);
        Assert.Contains("do not belong together", (await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_retention_took_before_are_a_gap_that_is_gone_over()
    {
        var options = JournalHarness.Options(_folder.Combine("journal"), static o => o.Retention.MaxBytes = 128 << 10);
        await using var journal = RecordJournal.Open(options);
        await journal.WriteAsync(10, flushEach: true);
        using (var sealer = Sealer(journal))
        {
            await sealer.SealAsync(Cancellation);
        }

        await journal.WriteAsync(6000, 11, flushEach: true, perBatch: 200);
        await JournalHarness.UntilAsync(() => journal.Statistics.StoredBytes <= 320 << 10);
        using var next = Sealer(journal);
        Assert.Equal(journal.DurableLsn, await next.SealAsync(Cancellation));
        var found = await new ArchiveSet(_store).ReadAsync(cancellationToken: Cancellation).CollectAsync();
        Assert.Equal(10 + (await journal.ReadAllAsync()).Count, found.Count);
    }

    [Fact]
    public async Task Objects_are_encrypted_when_there_is_a_master_key_or_not_written_at_all_when_they_must_be()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));
        await journal.WriteAsync(50);
        using var none = new ArchiveKeys(_store, new TestKeys());
        using (var refusing = Sealer(journal, static o => o.Encryption = ArchiveEncryption.Required, none))
        {
            Assert.Contains("Mev:Storage:Archive:Encryption", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await refusing.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        }

        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        using var sealer = Sealer(journal, keys: keys);
        await sealer.SealAsync(Cancellation);
        await Assert.ThrowsAsync<ArchiveKeyException>(() => new ArchiveSet(_store).ReadAsync(cancellationToken: Cancellation).CollectAsync());
        Assert.Equal(50, (await new ArchiveSet(_store, keys).ReadAsync(cancellationToken: Cancellation).CollectAsync()).Count);
    }

    [Fact]
    public async Task Objects_lean_on_the_dictionary_that_is_named_and_need_it()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));
        await journal.WriteAsync(50);
        var dictionary = KeyDictionary.Create([new Pubkey([.. Enumerable.Repeat((byte)7, Pubkey.Size)])]);
        await dictionary.SaveAsync(_store, Cancellation);
        using var sealer = Sealer(journal, o => o.Dictionary = Convert.ToHexString(dictionary.Hash));
        await sealer.SealAsync(Cancellation);
        var archive = new ArchiveSet(_store);
        Assert.Equal(50, (await archive.ReadAsync(cancellationToken: Cancellation).CollectAsync()).Count);
        Assert.Equal(dictionary.BlobName, (await archive.OpenAsync(archive.Objects[0], Cancellation)).Info.DictionaryName);
        await _store.DeleteAsync(dictionary.BlobName, BlobCondition.None, Cancellation);
        await Assert.ThrowsAsync<BlobNotFoundException>(() => new ArchiveSet(_store).ReadAsync(cancellationToken: Cancellation).CollectAsync());
    }

    [Fact]
    public void Options_that_are_wrong_are_named()
    {
        var options = new ArchiveOptions { ObjectBytes = 1, MaxDelay = TimeSpan.Zero, RootBytes = 1, LeafBytes = 1, Dictionary = "x", Encryption = (ArchiveEncryption)9, FirstRetryDelay = TimeSpan.Zero, MaxRetryDelay = TimeSpan.FromDays(2) };
        (options.Reader.RootCacheBytes, options.Reader.IndexCacheBytes, options.Reader.ReadAheadBytes) = (1, 1, 1);
        var problems = options.Validate().ToList();
        Assert.Equal(11, problems.Count);
        Assert.All(problems, static problem => Assert.StartsWith("Mev:Storage:Archive:", problem, StringComparison.Ordinal));
        Assert.Empty(new ArchiveOptions().Validate());
    }

    private ArchiveSealer Sealer(RecordJournal journal, Action<ArchiveOptions>? change = null, ArchiveKeys? keys = null, TimeProvider? time = null, string spool = "spool")
    {
        var options = new ArchiveOptions { SpoolDirectory = _folder.Combine(spool), RootBytes = 64 << 10, LeafBytes = 64 << 10 };
        change?.Invoke(options);
        return new ArchiveSealer(journal, _store, options, keys, time);
    }

    private async Task AssertHoldsAsync(RecordJournal journal)
    {
        var expected = await journal.ReadAllAsync();
        var found = await new ArchiveSet(_store).ReadAsync(cancellationToken: Cancellation).CollectAsync();
        Assert.Equal(expected.Count, found.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal((expected[i].Lsn, expected[i].Position), (found[i].Lsn, found[i].Position));
            Assert.True(expected[i].Frame.AsSpan().SequenceEqual(found[i].Frame));
        }
    }

    // Counts how many wait for its clock.
    private sealed class ManualDelays : Microsoft.Extensions.Time.Testing.FakeTimeProvider
    {
        private int _waits;

        public int Waits => Volatile.Read(ref _waits);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _waits);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
