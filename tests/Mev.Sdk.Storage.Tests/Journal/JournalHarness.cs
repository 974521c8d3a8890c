using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Journal;

/// <summary>Short ways to write and read journals.</summary>
internal static class JournalHarness
{
    public static JournalOptions Options(string directory, Action<JournalOptions>? change = null)
    {
        var options = new JournalOptions { Directory = directory, CommitInterval = TimeSpan.FromMilliseconds(5), BlockBytes = 8 << 10, SegmentBytes = 64 << 10, BufferBytes = 64 << 10 };
        change?.Invoke(options);
        return options;
    }

    /// <summary>Opens a journal on a disk that is not what it should be.</summary>
    public static RecordJournal Open(JournalOptions options, JournalDisk disk, TimeProvider? time = null)
    {
        var journal = RecordJournal.Prepare(options, time, null, null, disk);
        journal.StartRetention();
        journal.StartWriter();
        return journal;
    }

    /// <summary>Writes transactions numbered by sequence, each batch a commit group of its own when asked.</summary>
    public static async Task<Lsn> WriteAsync(this RecordJournal journal, int count, ulong firstSequence = 1, int perBatch = 10, bool flushEach = false, uint source = 7, ulong session = 99)
    {
        var last = Lsn.None;
        for (var done = 0; done < count; done += perBatch)
        {
            var batch = TestRecords.Transactions(journal.NextLsn, Math.Min(perBatch, count - done), firstSequence + (ulong)done, source, session);
            last = batch.LastLsn;
            await journal.WriteAsync(batch);
            batch.Release();
            if (flushEach)
            {
                await journal.FlushAsync();
            }
        }

        await journal.FlushAsync();
        return last;
    }

    public static async Task<List<StoredRecord>> ReadAllAsync(this IRecordLog log, Lsn from = default)
    {
        var found = new List<StoredRecord>();
        await foreach (var batch in log.ReadAsync(from, follow: false))
        {
            Collect(batch, found);
            batch.Release();
        }

        return found;
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 6000, "What was waited for did not happen.");
            await Task.Delay(10);
        }
    }

    public static void Collect(RecordBatch batch, List<StoredRecord> into)
    {
        var sequence = batch.First.Sequence;
        foreach (var record in batch)
        {
            into.Add(new StoredRecord(record.Lsn, batch.First with { Sequence = sequence++ }, record.Frame.ToArray()));
        }
    }
}
