using System.Buffers;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Tests.Journal;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>The journal forgets a record only when the archive has it for sure, and has that record.</summary>
public sealed class ArchiveSealerSafetyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryBlobStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_journal_that_was_lost_loses_nothing_to_the_archive_of_the_old_one()
    {
        await FillAndSealAsync(300);
        Directory.Delete(_folder.Combine("journal"), recursive: true);
        await using var journal = Journal();
        await journal.WriteAsync(50, session: 100);
        using (var sealer = Sealer(journal))
        {
            await sealer.StartAsync(Cancellation);
            await sealer.ExecuteTask!.WaitAsync(Cancellation);
            Assert.Contains("do not belong together", sealer.LastError!.Message, StringComparison.Ordinal);
            Assert.Equal((Lsn.None, Lsn.None), (sealer.NeededFrom, sealer.ArchivedTo));

            // Behind the archive's end the error must not heal itself: 1 to 300 of this journal are nowhere else.
            await journal.WriteAsync(400, 51, session: 100);
            await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation));
            Assert.Equal(Lsn.None, sealer.NeededFrom);
        }

        // Nor for a sealer that was not there before.
        using var next = Sealer(journal);
        Assert.Contains("another record", (await Assert.ThrowsAsync<InvalidDataException>(async () => await next.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal(Lsn.None, next.NeededFrom);
        Assert.Single(_store.Names);
    }

    [Fact]
    public async Task A_log_without_the_last_archived_record_and_with_older_ones_is_another_log()
    {
        await FillAndSealAsync(300);
        using var log = new OddLog(TestRecords.Transactions(new Lsn(1), 10), new Lsn(1000));
        using var sealer = Sealer(log);
        Assert.Contains("has none there", (await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal(Lsn.None, sealer.NeededFrom);
    }

    [Fact]
    public async Task The_last_object_is_read_as_a_whole_before_the_journal_forgets_what_is_in_it()
    {
        await FillAndSealAsync(4000);
        var name = _store.Names[^1];
        var file = (await ArchiveObject.OpenAsync(_store, name, cancellationToken: Cancellation)).File;
        _store[name][file.Blocks[1].Offset + 20] ^= 1;
        await using var journal = Journal();
        using var sealer = Sealer(journal);
        Assert.Contains("leaf 1", (await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal(Lsn.None, sealer.NeededFrom);
    }

    [Fact]
    public async Task An_object_that_is_there_already_counts_only_when_it_is_whole_and_holds_these_records()
    {
        await using var journal = Journal();
        await journal.WriteAsync(4000);
        var records = (await journal.ReadAllAsync()).ConvertAll(static r => new ArchivedRecord(r.Lsn, r.Position.SourceId, r.Position.SessionId, r.Frame, []));

        // The same LSNs, counts and sums: damaged inside, then of another source.
        _store.OnWrite = name =>
        {
            var bytes = ArchiveHarness.Write(records, out _);
            bytes[bytes.Length / 2] ^= 1;
            _store[name] = bytes;
        };
        using var sealer = Sealer(journal);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation));
        Assert.Equal(Lsn.None, sealer.NeededFrom);
        await _store.DeleteAsync(_store.Names[0], BlobCondition.None, Cancellation);
        _store.OnWrite = name => _store[name] = ArchiveHarness.Write(records.ConvertAll(static r => r with { Source = r.Source + 1 }), out _);
        Assert.Contains("another object", (await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal(Lsn.None, sealer.NeededFrom);
        await _store.DeleteAsync(_store.Names[0], BlobCondition.None, Cancellation);

        // The same records in other blocks are as good.
        _store.OnWrite = name => _store[name] = ArchiveHarness.Write(records, out _);
        Assert.Equal(journal.DurableLsn, await sealer.SealAsync(Cancellation));
        Assert.Equal(0, sealer.Objects);
    }

    [Fact]
    public async Task A_bad_copy_that_cannot_be_deleted_does_not_count_when_it_is_met_again()
    {
        await using var journal = Journal();
        await journal.WriteAsync(4000);
        _store.Corrupt = (_, bytes) =>
        {
            _store.Corrupt = null;
            bytes[bytes.Length / 3] ^= 1;
            return bytes;
        };
        var deletions = 0;
        _store.OnDelete = _ =>
        {
            if (++deletions == 1)
            {
                throw new IOException("The store is away.");
            }
        };
        using var sealer = Sealer(journal, static o => o.ObjectBytes = 1 << 20);
        await sealer.StartAsync(Cancellation);
        await JournalHarness.UntilAsync(() => sealer.Objects > 0 && sealer.LastError is null);
        await sealer.StopAsync(Cancellation);
        Assert.Equal(2, deletions);
        await sealer.SealAsync(Cancellation);
        Assert.Empty((await new ArchiveSet(_store).VerifyAsync(cancellationToken: Cancellation)).Damages);
        Assert.Equal(4000, (await new ArchiveSet(_store).ReadAsync(cancellationToken: Cancellation).CollectAsync()).Count);
    }

    [Fact]
    public async Task An_object_does_not_count_while_its_key_is_not_in_the_store()
    {
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        var name = ArchiveKeys.GetBlobName((await keys.GetCurrentAsync(Cancellation)).Id);
        await using var journal = Journal();
        await journal.WriteAsync(50);
        var blob = _store[name];
        _store.OnWrite = _ => _store.DeleteAsync(name, BlobCondition.None).AsTask().GetAwaiter().GetResult();
        using var sealer = Sealer(journal, keys: keys);
        Assert.Contains(name, (await Assert.ThrowsAsync<ArchiveKeyException>(async () => await sealer.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal(Lsn.None, sealer.NeededFrom);
        _store.OnWrite = null;
        _store[name] = blob;
        Assert.Equal(journal.DurableLsn, await sealer.SealAsync(Cancellation));
    }

    [Fact]
    public async Task A_name_that_says_more_than_its_object_holds_is_not_believed()
    {
        await FillAndSealAsync(50);
        var bytes = _store[_store.Names[0]];
        await _store.DeleteAsync(_store.Names[0], BlobCondition.None, Cancellation);
        await using var journal = Journal();
        await journal.WriteAsync(50, 51);
        _store[ArchiveNames.Of(new Lsn(1), new Lsn(70))] = bytes;
        using var sealer = Sealer(journal);
        Assert.Contains("another object's name", (await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal(Lsn.None, sealer.NeededFrom);
    }

    [Fact]
    public async Task Objects_of_an_import_under_the_logs_own_id_are_not_gone_on_behind()
    {
        await FillAndSealAsync(50);
        _store["imports/0000/0000000000000001-0000000000000032.json"] = [1];
        await using var journal = Journal();
        using var sealer = Sealer(journal);
        Assert.Contains("Mev:Storage:Archive:Import:LogId", (await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal(Lsn.None, sealer.NeededFrom);
    }

    [Fact]
    public async Task Where_encryption_is_required_nothing_is_gone_on_with_that_anybody_may_have_put_there()
    {
        await FillAndSealAsync(50);
        using var keys = new ArchiveKeys(_store, TestKeys.With(1));
        await using var journal = Journal();
        using (var refusing = Sealer(journal, static o => o.Encryption = ArchiveEncryption.Required, keys))
        {
            Assert.Contains("is not encrypted", (await Assert.ThrowsAsync<InvalidDataException>(async () => await refusing.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
            Assert.Equal(Lsn.None, refusing.NeededFrom);
        }

        await journal.WriteAsync(10, 51);
        using var sealer = Sealer(journal, keys: keys);
        await sealer.SealAsync(Cancellation);
        using var required = Sealer(journal, static o => o.Encryption = ArchiveEncryption.Required, keys);
        Assert.Equal(journal.DurableLsn, await required.SealAsync(Cancellation));
    }

    [Fact]
    public async Task A_service_puts_the_same_object_again_and_does_not_make_another_one()
    {
        var time = new FakeTimeProvider();
        var (tries, written) = (new List<string>(), new List<byte[]>());
        await using var journal = Journal();
        _store.OnWrite = name =>
        {
            lock (tries)
            {
                tries.Add(name);
            }

            if (tries.Count == 1)
            {
                throw new IOException("The store is away.");
            }
        };
        _store.AfterWrite = name =>
        {
            written.Add(_store[name]);
            if (tries.Count == 2)
            {
                throw new IOException("The answer was lost.");
            }
        };
        await journal.WriteAsync(100);
        using var sealer = Sealer(journal, static o => o.MaxDelay = TimeSpan.FromHours(1), time: time);
        await sealer.StartAsync(Cancellation);
        for (var step = 0; step < 3; step++)
        {
            await JournalHarness.UntilAsync(() =>
            {
                time.Advance(TimeSpan.FromMinutes(10));
                return sealer.Objects > 0 || tries.Count > step;
            });
            if (step == 0)
            {
                await journal.WriteAsync(100, 101);
            }
        }

        await JournalHarness.UntilAsync(() => sealer.Objects > 0);
        await sealer.StopAsync(Cancellation);
        Assert.Single(tries.Take(3).Distinct());
        Assert.Same(written[0], _store[tries[0]]);
        await sealer.SealAsync(Cancellation);
        Assert.Equal(200, (await new ArchiveSet(_store).ReadAsync(cancellationToken: Cancellation).CollectAsync()).Count);
    }

    [Fact]
    public async Task A_frame_that_is_not_where_the_log_says_is_not_archived()
    {
        var good = TestRecords.Transactions(new Lsn(1), 5);
        var rented = ArrayPool<byte>.Shared.Rent((int)good.ByteCount);
        good.Chunks[0].CopyTo(rented);
        var odd = RecordBatch.Own(rented, (int)good.ByteCount, good.Count, good.First with { Sequence = good.First.Sequence + 5 }, good.FirstLsn);
        using var log = new OddLog(odd, odd.LastLsn);
        good.Release();
        using var sealer = Sealer(log);
        Assert.Contains("has sequence 1", (await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Empty(_store.Names);
    }

    [Fact]
    public async Task Sealing_beside_the_running_service_is_refused_and_disposing_it_ends_it_cleanly()
    {
        var time = new FakeTimeProvider();
        await using var journal = Journal();
        await journal.WriteAsync(50);
        var sealer = Sealer(journal, static o => o.MaxDelay = TimeSpan.FromHours(1), time: time);
        await sealer.StartAsync(Cancellation);
        await JournalHarness.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromHours(1));
            return sealer.Objects > 0;
        });
        Assert.Contains("StopAsync", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await sealer.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        sealer.Dispose();
        await sealer.ExecuteTask!.WaitAsync(Cancellation);
        Assert.Null(sealer.LastError);
    }

    [Fact]
    public async Task In_a_folder_the_last_object_is_made_durable_before_it_counts()
    {
        await using var journal = Journal();
        await journal.WriteAsync(50);
        using var store = new FolderBlobStore(_folder.Combine("archive"));
        using (var first = new ArchiveSealer(journal, store, Options()))
        {
            await first.SealAsync(Cancellation);
        }

        var synced = new List<string>();
        using var restarted = new FolderBlobStore(_folder.Combine("archive")) { SyncFolder = synced.Add };
        using var sealer = new ArchiveSealer(journal, restarted, Options());
        await sealer.SealAsync(Cancellation);
        Assert.Contains(Path.Combine(restarted.FullPath, "objects", "0000"), synced);
    }

    private RecordJournal Journal() => RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));

    private async Task FillAndSealAsync(int count)
    {
        await using var journal = Journal();
        await journal.WriteAsync(count);
        using var sealer = Sealer(journal);
        await sealer.SealAsync(Cancellation);
    }

    private ArchiveOptions Options() => new()
    {
        SpoolDirectory = _folder.Combine("spool"),
        RootBytes = 64 << 10,
        LeafBytes = 64 << 10,
        FirstRetryDelay = TimeSpan.FromMilliseconds(10),
        MaxRetryDelay = TimeSpan.FromMilliseconds(20),
    };

    private ArchiveSealer Sealer(IRecordLog log, Action<ArchiveOptions>? change = null, ArchiveKeys? keys = null, TimeProvider? time = null)
    {
        var options = Options();
        change?.Invoke(options);
        return new ArchiveSealer(log, _store, options, keys, time);
    }
}
