using System.Globalization;
using Mev.Sdk.Storage.CrashHost;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Tests;

namespace Mev.Sdk.Storage.DuckDb.Tests.Crash;

[Trait("Needs", "kill")]
public sealed class JournalCrashTests
{
    public static int Runs => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 200 : 20;

    [Theory]
    [InlineData(JournalFsync.Interval, false)]
    [InlineData(JournalFsync.EveryCommit, false)]
    [InlineData(JournalFsync.Interval, true)]
    [InlineData(JournalFsync.EveryCommit, true)]
    public async Task Killed_at_any_moment_loses_nothing_durable_and_stores_nothing_twice(JournalFsync fsync, bool encrypted)
    {
        var options = new JournalOptions { Encryption = CrashKeys.Options(encrypted) };
        using var folder = new TemporaryFolder();
        options.Directory = folder.Path;
        var random = new Random(11);
        ulong checkedUpTo = 0;
        for (var run = 0; run < Runs / 4; run++)
        {
            var lines = await CrashProcess.KillAfterAsync(random.Next(0, 150), "journal", folder.Path, fsync.ToString(), encrypted ? "encrypted" : "plain");
            var announced = lines[^1].Split(' ').Select(static n => ulong.Parse(n, CultureInfo.InvariantCulture)).ToArray();

            // A reader needs no recovery to see what was announced.
            using (var reader = JournalReader.Open(folder.Path, encrypted ? new ConfiguredKeyProvider(options.Encryption) : null))
            {
                Assert.True(reader.DurableLsn.Value >= announced[0], $"Run {run}: announced {announced[0]}, read {reader.DurableLsn}.");
            }

            await using var journal = RecordJournal.Open(options);
            Assert.True(journal.DurableLsn.Value >= announced[0], $"Run {run}: announced {announced[0]}, recovered {journal.DurableLsn}.");
            Assert.True(journal.DurablePositions[^1].Sequence >= announced[1]);
            Assert.True(journal.NextLsn > journal.DurableLsn);
            checkedUpTo = await CheckAsync(journal, checkedUpTo);
        }

        // Once more from the beginning: no later recovery may have touched what was there.
        await using var last = RecordJournal.Open(options);
        Assert.Equal(last.DurablePositions[^1].Sequence, (ulong)last.Statistics.Records);
    }

    [Fact]
    public async Task Reader_in_another_process_follows_the_writer_which_refuses_a_second_writer()
    {
        using var folder = new TemporaryFolder();
        var options = new JournalOptions { Directory = folder.Path, Encryption = CrashKeys.Options(encrypted: true) };
        using var keys = new ConfiguredKeyProvider(options.Encryption);
        Directory.CreateDirectory(folder.Path);
        using var reader = JournalReader.Open(folder.Path, keys, TimeSpan.FromMilliseconds(5));
        var read = 0UL;
        var following = Task.Run(async () =>
        {
            await foreach (var batch in reader.ReadAsync(Lsn.None, follow: true))
            {
                var expected = TestRecords.Transactions(batch.FirstLsn, batch.Count, batch.First.Sequence);
                Assert.Equal(read + 1, batch.First.Sequence);
                Assert.True(expected.Chunks[0].Span.SequenceEqual(batch.Chunks[0].Span));
                expected.Release();
                Volatile.Write(ref read, read + (ulong)batch.Count);
                batch.Release();
            }
        }, TestContext.Current.CancellationToken);

        string? refused = null;
        var lines = await CrashProcess.KillAfterAsync(
            async () =>
            {
                await Poll.UntilAsync(() => Volatile.Read(ref read) > 5000 || following.IsCompleted, static () => null);
                refused = Assert.Throws<IOException>(() => RecordJournal.Open(options)).Message;
            },
            "journal", folder.Path, nameof(JournalFsync.Interval), "encrypted");
        Assert.Contains("in use", refused, StringComparison.Ordinal);

        // Everything the killed writer announced reaches the reader, which still needs no writer.
        var announced = ulong.Parse(lines[^1].Split(' ')[1], CultureInfo.InvariantCulture);
        await Poll.UntilAsync(() => Volatile.Read(ref read) >= announced || following.IsCompleted, static () => null);
        reader.Dispose();
        await following;
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
