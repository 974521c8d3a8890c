using System.Globalization;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Tests;

namespace Mev.Sdk.Storage.DuckDb.Tests.Crash;

[Trait("Needs", "kill")]
public sealed class JournalCrashTests
{
    public static int Runs => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 200 : 20;

    [Theory]
    [InlineData(JournalFsync.Interval)]
    [InlineData(JournalFsync.EveryCommit)]
    public async Task Killed_at_any_moment_loses_nothing_durable_and_stores_nothing_twice(JournalFsync fsync)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(11);
        ulong checkedUpTo = 0;
        for (var run = 0; run < Runs / 2; run++)
        {
            var lines = await CrashProcess.KillAfterAsync(random.Next(0, 150), "journal", folder.Path, fsync.ToString());
            var announced = lines[^1].Split(' ').Select(static n => ulong.Parse(n, CultureInfo.InvariantCulture)).ToArray();

            await using var journal = RecordJournal.Open(new JournalOptions { Directory = folder.Path });
            Assert.True(journal.DurableLsn.Value >= announced[0], $"Run {run}: announced {announced[0]}, recovered {journal.DurableLsn}.");
            Assert.True(journal.DurablePositions[^1].Sequence >= announced[1]);
            Assert.True(journal.NextLsn > journal.DurableLsn);
            checkedUpTo = await CheckAsync(journal, checkedUpTo);
        }

        // Once more from the beginning: no later recovery may have touched what was there.
        await using var last = RecordJournal.Open(new JournalOptions { Directory = folder.Path });
        Assert.Equal(last.DurablePositions[^1].Sequence, (ulong)last.Statistics.Records);
    }

    // Each sequence exactly once, in order, with its own content, under growing LSNs. Returns the last LSN.
    private static async Task<ulong> CheckAsync(RecordJournal journal, ulong after)
    {
        var last = new Lsn(after);
        ulong? sequence = null;
        await foreach (var batch in journal.ReadAsync(after == 0 ? Lsn.None : last.Add(1), follow: false))
        {
            Assert.True(batch.FirstLsn > last);
            Assert.Equal(sequence ?? batch.First.Sequence, batch.First.Sequence);
            if (after == 0 && sequence is null)
            {
                Assert.Equal(1UL, batch.First.Sequence);
            }

            var expected = TestRecords.Transactions(batch.FirstLsn, batch.Count, batch.First.Sequence);
            Assert.True(expected.Chunks[0].Span.SequenceEqual(batch.Chunks[0].Span), $"Records from LSN {batch.FirstLsn} are not what was written.");
            expected.Release();
            (last, sequence) = (batch.LastLsn, batch.First.Sequence + (ulong)batch.Count);
            batch.Release();
        }

        return last.Value;
    }
}
