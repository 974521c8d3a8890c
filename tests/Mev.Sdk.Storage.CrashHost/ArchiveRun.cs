using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Tests;

namespace Mev.Sdk.Storage.CrashHost;

/// <summary>Writes a journal that forgets what is archived, archives it, and prints what is archived: what was printed must be in the archive later.</summary>
internal static class ArchiveRun
{
    /// <summary>How far the journal may run ahead, records: so that objects are written all the time.</summary>
    private const int MostAhead = 12_000;

    /// <param name="folder">Where all of it is.</param>
    /// <param name="readsBack">False: an object is written, and then nothing more is asked of the store, so that the kill comes between writing and reading back.</param>
    public static async Task<int> RunAsync(string folder, bool readsBack)
    {
        await using var journal = RecordJournal.Open(new JournalOptions
        {
            Directory = Path.Combine(folder, "journal"),
            CommitInterval = TimeSpan.FromMilliseconds(5),
            SegmentBytes = 256 << 10,
            Retention = new JournalRetentionOptions { MaxBytes = 512 << 10 },
        });
        using var store = new FolderBlobStore(Path.Combine(folder, "archive"));
        using var sealer = new ArchiveSealer(journal, readsBack ? store : new MuteBlobStore(store), new ArchiveOptions
        {
            SpoolDirectory = Path.Combine(folder, "spool"),
            ObjectBytes = 1 << 20,
            RootBytes = 64 << 10,
            LeafBytes = 64 << 10,
        });
        journal.AddRetentionHold(sealer);
        await sealer.StartAsync(CancellationToken.None);
        var sequence = journal.DurablePositions.FirstOrDefault(static p => p.SessionId == JournalRun.Session).Sequence + 1;
        var printed = ulong.MaxValue;
        while (true)
        {
            if (sealer.LastError is { } error)
            {
                await Console.Error.WriteLineAsync(error.ToString());
                return 1;
            }

            if (sealer.ArchivedTo.Value != printed)
            {
                printed = sealer.ArchivedTo.Value;
                await Console.Out.WriteLineAsync($"{printed} {sealer.Objects}");
            }

            if (sealer.Lag > MostAhead)
            {
                await Task.Delay(1);
                continue;
            }

            var batch = TestRecords.Transactions(journal.NextLsn, 200, sequence, JournalRun.Source, JournalRun.Session);
            await journal.WriteAsync(batch);
            batch.Release();
            sequence += 200;
        }
    }
}
