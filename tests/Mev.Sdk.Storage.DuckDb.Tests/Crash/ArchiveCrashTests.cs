using System.Globalization;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.DuckDb.Tests.Crash;

[Trait("Needs", "kill")]
public sealed class ArchiveCrashTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_at_any_moment_every_record_is_in_the_archive_or_still_in_the_journal_and_no_object_is_half()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(13);
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var run = 0; run < JournalCrashTests.Runs / 4; run++)
        {
            var lines = await CrashProcess.KillAfterAsync(random.Next(0, 3000), "archive", folder.Path);
            var announced = ulong.Parse(lines[^1].Split(' ')[0], CultureInfo.InvariantCulture);
            using var store = new FolderBlobStore(folder.Combine("archive"));
            var archive = new ArchiveSet(store);
            var report = await archive.VerifyAsync(cancellationToken: Cancellation);
            Assert.Empty(report.Damages);
            var last = archive.Objects.Count == 0 ? 0 : archive.Objects[^1].LastLsn.Value;
            Assert.True(last >= announced, $"Run {run}: announced {announced}, archived to {last}.");

            // What is there is not written again.
            foreach (var entry in archive.Objects)
            {
                var path = folder.Combine(["archive", .. entry.Name.Split('/')]);
                var written = File.GetLastWriteTimeUtc(path).Ticks;
                Assert.Equal(written, known.GetValueOrDefault(entry.Name, written));
                known[entry.Name] = written;
            }

            await AssertWholeAsync(archive, folder.Combine("journal"), new Lsn(last));
        }

        Assert.True(known.Count > 0, "No kill came after an object was written.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{known.Count} objects over {JournalCrashTests.Runs / 4} kills.");
    }

    [Fact]
    public async Task Killed_between_writing_and_reading_back_an_object_counts_when_it_was_looked_at()
    {
        using var folder = new TemporaryFolder();
        using var store = new FolderBlobStore(folder.Combine("archive"));
        for (var run = 1; run <= 3; run++)
        {
            // Each run writes an object, and the one before is looked at first.
            var lines = await CrashProcess.KillAfterAsync(
                () => UntilAsync(async () => (await new ArchiveSet(store).RefreshAsync(Cancellation)).Count == run), "archive-once", folder.Path);
            var archive = new ArchiveSet(store);
            Assert.Empty((await archive.VerifyAsync(cancellationToken: Cancellation)).Damages);
            Assert.DoesNotContain(lines, line => ulong.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture) > (run == 1 ? 0 : archive.Objects[run - 2].LastLsn.Value));
            await AssertWholeAsync(archive, folder.Combine("journal"), archive.Objects[^1].LastLsn);
        }

        // What is there is damaged: then it is not gone on with, and the journal still has its records.
        var entry = (await new ArchiveSet(store).RefreshAsync(Cancellation))[^1];
        var path = folder.Combine(["archive", .. entry.Name.Split('/')]);
        var bytes = await File.ReadAllBytesAsync(path, Cancellation);
        bytes[bytes.Length / 2] ^= 1;
        File.SetAttributes(path, FileAttributes.Normal);
        await File.WriteAllBytesAsync(path, bytes, Cancellation);
        await using var journal = RecordJournal.Open(new JournalOptions { Directory = folder.Combine("journal") });
        using var sealer = new ArchiveSealer(journal, store, new ArchiveOptions { SpoolDirectory = folder.Combine("spool") });
        await Assert.ThrowsAsync<InvalidDataException>(async () => await sealer.SealAsync(Cancellation));
        Assert.Equal(Lsn.None, sealer.NeededFrom);
        var first = 0UL;
        await foreach (var batch in journal.ReadAsync(entry.FirstLsn, follow: false, Cancellation))
        {
            first = first == 0 ? batch.FirstLsn.Value : first;
            batch.Release();
        }

        Assert.InRange(first, 1UL, entry.FirstLsn.Value);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var end = DateTime.UtcNow + TimeSpan.FromMinutes(2); DateTime.UtcNow < end;)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(20, Cancellation);
        }

        Assert.Fail("Nothing came within two minutes.");
    }

    // The archive, and what the journal has behind it: each sequence once, in order, with its own content.
    private static async Task AssertWholeAsync(ArchiveSet archive, string journalFolder, Lsn archivedTo)
    {
        var next = 1UL;
        await foreach (var batch in archive.ReadAsync(cancellationToken: Cancellation))
        {
            next = Check(batch, next);
        }

        using var journal = JournalReader.Open(journalFolder);
        await foreach (var batch in journal.ReadAsync(archivedTo == Lsn.None ? Lsn.None : archivedTo.Add(1), follow: false, Cancellation))
        {
            next = Check(batch, next);
        }
    }

    private static ulong Check(RecordBatch batch, ulong next)
    {
        Assert.Equal(next, batch.First.Sequence);
        var expected = TestRecords.Transactions(batch.FirstLsn, batch.Count, batch.First.Sequence);
        Assert.True(expected.Chunks[0].Span.SequenceEqual(batch.Chunks[0].Span), $"Records from LSN {batch.FirstLsn} are not what was written.");
        expected.Release();
        next += (ulong)batch.Count;
        batch.Release();
        return next;
    }
}
