using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Tests.Journal;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>A journal that has forgotten its beginning and the archive that has it are one log.</summary>
public sealed class ArchivedLogTests : IDisposable
{
    private const int Records = 6000;
    private const long MaxBytes = 256 << 10;

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _store;

    public ArchivedLogTests() => _store = new FolderBlobStore(_folder.Combine("archive"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ReadAsync_gives_every_record_once_from_wherever_it_begins()
    {
        await using var journal = Journal();
        await ForgetAsync(journal);
        var oldest = (await journal.ReadAllAsync())[0].Lsn.Value;
        Assert.InRange(oldest, 2UL, (ulong)Records);
        var log = new ArchivedLog(new ArchiveSet(_store), journal);
        foreach (var from in (ulong[])[0, 1, 2, oldest - 1, oldest, oldest + 1, Records])
        {
            var found = await log.ReadAllAsync(new Lsn(from));
            Assert.Equal(Enumerable.Range(Math.Max(1, (int)from), Records - Math.Max(1, (int)from) + 1).Select(static n => new Lsn((ulong)n)), found.Select(static r => r.Lsn));
            Assert.All(found, static r => Assert.True(r.IsExpectedTransaction()));
        }

        Assert.Equal((journal.NextLsn, journal.DurableLsn), (log.NextLsn, log.DurableLsn));
        Assert.Equal(journal.DurablePositions, log.DurablePositions);
        Assert.Equal(journal.DurableRanges, log.DurableRanges);
    }

    [Fact]
    public async Task ReadAsync_that_follows_goes_over_into_what_is_written_meanwhile()
    {
        await using var journal = Journal();
        await ForgetAsync(journal);
        var next = 1UL;
        await foreach (var batch in new ArchivedLog(new ArchiveSet(_store), journal).ReadAsync(Lsn.None, follow: true, Cancellation))
        {
            Assert.Equal(new Lsn(next), batch.FirstLsn);
            next = batch.LastLsn.Value + 1;
            batch.Release();
            if (next == Records + 1)
            {
                await journal.WriteAsync(10, Records + 1);
            }
            else if (next > Records + 10)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task Archive_alone_is_the_whole_log_when_that_is_lost()
    {
        await using (var journal = Journal())
        {
            await ForgetAsync(journal);
        }

        var alone = new ArchivedLog(new ArchiveSet(_store));
        Assert.Equal(Records, (await alone.ReadAllAsync()).Count);
        Assert.Equal((new Lsn(Records), new Lsn(Records + 1)), (alone.DurableLsn, alone.NextLsn));
        Assert.Equal(3, (await alone.ReadAllAsync(new Lsn(Records - 2))).Count);
        await Assert.ThrowsAsync<NotSupportedException>(async () =>
        {
            await foreach (var batch in alone.ReadAsync(Lsn.None, follow: true, Cancellation))
            {
                batch.Release();
            }
        });

        // A new journal in the place of the lost one hands out the same numbers for other records.
        await using var strange = RecordJournal.Open(JournalHarness.Options(_folder.Combine("another")));
        await strange.WriteAsync(10);
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => new ArchivedLog(new ArchiveSet(_store), strange).ReadAllAsync());
        Assert.Contains($"up to LSN 0:{Records}", e.Message, StringComparison.Ordinal);
        Assert.Contains("read the archive alone", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_are_nowhere_are_named_and_passed_over_only_when_somebody_says_so()
    {
        await using var journal = Journal();
        await ForgetAsync(journal);
        var oldest = (await journal.ReadAllAsync())[0].Lsn;
        foreach (var entry in await new ArchiveSet(_store).RefreshAsync(Cancellation))
        {
            await _store.DeleteAsync(entry.Name, BlobCondition.None, Cancellation);
        }

        var e = await Assert.ThrowsAsync<InvalidDataException>(() => new ArchivedLog(new ArchiveSet(_store), journal).ReadAllAsync(new Lsn(5)));
        Assert.Contains($"from LSN 0:5 to {new Lsn(oldest.Value - 1)} are neither in the log", e.Message, StringComparison.Ordinal);
        Assert.IsType<RecordsRemovedException>(e.InnerException);

        var missing = new List<(Lsn, Lsn)>();
        var found = await new ArchivedLog(new ArchiveSet(_store), journal, (first, last) => missing.Add((first, last))).ReadAllAsync(new Lsn(5));
        Assert.Equal(oldest, found[0].Lsn);
        Assert.Equal((new Lsn(5), new Lsn(oldest.Value - 1)), Assert.Single(missing));
    }

    private RecordJournal Journal() => RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal"), static o => o.Retention.MaxBytes = MaxBytes));

    // Archived first, then forgotten: as a host with a sealer's hold does it.
    private async Task ForgetAsync(RecordJournal journal)
    {
        using var sealer = new ArchiveSealer(journal, _store, new ArchiveOptions { SpoolDirectory = _folder.Combine("spool") });
        journal.AddRetentionHold(sealer);
        await journal.WriteAsync(Records - 10, perBatch: 100);
        await sealer.SealAsync(Cancellation);
        await journal.WriteAsync(10, Records - 9);
        await sealer.SealAsync(Cancellation);
        await JournalHarness.UntilAsync(() => journal.Statistics.StoredBytes <= MaxBytes + (64 << 10));
        Assert.True(journal.Statistics.RemovedSegments > 0);
    }
}
