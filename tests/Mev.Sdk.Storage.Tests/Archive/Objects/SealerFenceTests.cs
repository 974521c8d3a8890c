using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Health;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Tests.Journal;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>Of two sealers of one log, one notices and ends; no record is archived twice.</summary>
public sealed class SealerFenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _store;
    private int _spools;

    public SealerFenceTests() => _store = new FolderBlobStore(_folder.Combine("archive"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_services_at_a_time_leave_one_and_every_record_once()
    {
        await using var journal = Journal();
        using var other = new FolderBlobStore(_folder.Combine("archive"));
        using var one = Sealer(journal, _store);
        using var two = Sealer(journal, other);
        await one.StartAsync(Cancellation);
        await two.StartAsync(Cancellation);
        var written = 0;
        while (!one.HasGivenUp && !two.HasGivenUp)
        {
            Assert.True(written < 400_000, "Neither sealer noticed the other one.");
            await journal.WriteAsync(4000, (ulong)written + 1);
            written += 4000;
        }

        var (ended, left) = one.HasGivenUp ? (one, two) : (two, one);
        await ended.ExecuteTask!.WaitAsync(Cancellation);
        Assert.Contains("Another sealer archives log 0", ended.LastError!.Message, StringComparison.Ordinal);
        Assert.Equal((Lsn.None, Lsn.None), (ended.ArchivedTo, ended.NeededFrom));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await ended.SealAsync(Cancellation));
        await left.StopAsync(Cancellation);
        Assert.Equal(journal.DurableLsn, await left.SealAsync(Cancellation));
        Assert.False(left.HasGivenUp);
        await AssertOnceAsync(written);

        var check = new StorageHealthCheck(journal, sealer: ended);
        var health = await check.CheckHealthAsync(new HealthCheckContext(), Cancellation);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("is not tried again before a restart", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_overtaken_while_it_put_an_object_puts_that_one_only()
    {
        await using var journal = Journal();
        await journal.WriteAsync(300);
        var held = new HeldBlobStore(_store);
        using var slow = Sealer(journal, held);
        var sealing = slow.SealAsync(Cancellation).AsTask();
        var name = await held.Asked.WaitAsync(Cancellation);

        // The other one has more records to archive, and still makes the object that is under way as it was claimed.
        await journal.WriteAsync(500, 301);
        using var fast = Sealer(journal, _store);
        Assert.Equal(journal.DurableLsn, await fast.SealAsync(Cancellation));
        Assert.Equal(2, fast.Objects);
        Assert.Equal(name, (await new ArchiveSet(_store).RefreshAsync(Cancellation))[0].Name);

        held.GoOn();
        await sealing;
        await journal.WriteAsync(10, 801);
        Assert.Contains("Another sealer", (await Assert.ThrowsAsync<InvalidDataException>(async () => await slow.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal(journal.DurableLsn, await fast.SealAsync(Cancellation));
        await AssertOnceAsync(810);
    }

    [Fact]
    public async Task An_object_that_was_claimed_and_never_put_is_made_as_it_was_claimed()
    {
        string name;
        await using var journal = Journal();
        await journal.WriteAsync(5000);
        var held = new HeldBlobStore(_store);
        using (var killed = Sealer(journal, held, 8 << 20))
        {
            held.BreakOff();
            await Assert.ThrowsAsync<IOException>(async () => await killed.SealAsync(Cancellation));
            name = await held.Asked;
        }

        // Smaller objects than before, and yet this one.
        await journal.WriteAsync(5000, 5001);
        using var sealer = Sealer(journal, _store);
        Assert.Equal(journal.DurableLsn, await sealer.SealAsync(Cancellation));
        Assert.Equal(name, (await new ArchiveSet(_store).RefreshAsync(Cancellation))[0].Name);
        await AssertOnceAsync(10_000);
    }

    [Fact]
    public async Task A_log_that_ends_before_what_was_claimed_is_refused()
    {
        await using var journal = Journal();
        await journal.WriteAsync(50);
        await WriteAsync(SealClaim.NameOf(0), new SealClaim(Guid.NewGuid(), 0, 70).Write());
        using var sealer = Sealer(journal, _store);
        Assert.Contains("sealing/0000", (await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.True(sealer.HasGivenUp);
        Assert.Equal(Lsn.None, sealer.NeededFrom);
    }

    [Fact]
    public async Task A_damaged_claim_is_told_with_what_to_do()
    {
        await using var journal = Journal();
        await journal.WriteAsync(50);
        var claim = new SealClaim(Guid.NewGuid(), 0, 0).Write();
        claim[20] ^= 1;
        await WriteAsync(SealClaim.NameOf(0), claim);
        using var sealer = Sealer(journal, _store);
        Assert.Contains("Delete it", (await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.False(sealer.HasGivenUp);
        await WriteAsync(SealClaim.NameOf(0), [1, 2, 3]);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation));
        await _store.DeleteAsync(SealClaim.NameOf(0), BlobCondition.None, Cancellation);
        Assert.Equal(journal.DurableLsn, await sealer.SealAsync(Cancellation));
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_this_sealers()
    {
        var store = new LosingBlobStore(_store);
        await using var journal = Journal();
        await journal.WriteAsync(50);
        using var sealer = Sealer(journal, store);

        // Of the taking, of the claim, of the object.
        for (var lost = 0; lost < 3; lost++)
        {
            store.LoseAnswer = 1;
            await Assert.ThrowsAsync<IOException>(async () => await sealer.SealAsync(Cancellation));
        }

        Assert.Equal(journal.DurableLsn, await sealer.SealAsync(Cancellation));
        await AssertOnceAsync(50);
    }

    [Fact]
    public async Task A_log_that_was_given_another_id_goes_on_behind_what_was_archived_under_the_old_one()
    {
        using (var log = new OddLog(TestRecords.Transactions(new Lsn(1), 10), new Lsn(10)))
        {
            using var first = Sealer(log, _store);
            await first.SealAsync(Cancellation);
        }

        using var renamed = new OddLog(TestRecords.Transactions(new Lsn(1), 10), Lsn.Create(1, 5));
        using var sealer = Sealer(renamed, _store);
        Assert.Equal(new Lsn(10), await sealer.SealAsync(Cancellation));
        await AssertOnceAsync(10);
    }

    private async Task WriteAsync(string name, byte[] bytes)
    {
        using var content = new MemoryStream(bytes);
        await _store.WriteAsync(name, content, BlobCondition.None, Cancellation);
    }

    private async Task AssertOnceAsync(int records)
    {
        var set = new ArchiveSet(_store);
        var entries = await set.RefreshAsync(Cancellation);
        Assert.All(entries.Zip(entries.Skip(1)), static pair => Assert.True(pair.First.LastLsn < pair.Second.FirstLsn, $"{pair.First.Name} and {pair.Second.Name} hold the same records."));
        Assert.Empty((await set.VerifyAsync(cancellationToken: Cancellation)).Damages);
        var sequences = (await set.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync()).ConvertAll(static record => record.Lsn);
        Assert.Equal(records, sequences.Count);
        Assert.Equal(sequences.Distinct().Order(), sequences);
    }

    private RecordJournal Journal() => RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));

    private ArchiveSealer Sealer(IRecordLog log, IBlobStore store, int objectBytes = 1 << 20) => new(log, store, new ArchiveOptions
    {
        SpoolDirectory = _folder.Combine($"spool{++_spools}"),
        ObjectBytes = objectBytes,
        RootBytes = 64 << 10,
        LeafBytes = 64 << 10,
        FirstRetryDelay = TimeSpan.FromMilliseconds(10),
        MaxRetryDelay = TimeSpan.FromMilliseconds(20),
    });
}
