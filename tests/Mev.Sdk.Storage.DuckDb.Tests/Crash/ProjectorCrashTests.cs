using System.Globalization;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Tests;

namespace Mev.Sdk.Storage.DuckDb.Tests.Crash;

[Trait("Needs", "kill")]
public sealed class ProjectorCrashTests
{
    [Fact]
    public async Task Killed_at_any_moment_leaves_one_row_a_signature_and_a_checkpoint_that_agrees()
    {
        using var folder = new TemporaryFolder();
        var (journalPath, database) = (folder.Combine("journal"), folder.Combine("history.duckdb"));
        var random = new Random(12);
        ulong distinct = 0;
        var midway = 0;
        for (var run = 0; run < JournalCrashTests.Runs / 2; run++)
        {
            // New transactions, and a replay of the latest ones by another session.
            await using (var journal = RecordJournal.Open(new JournalOptions { Directory = journalPath, BlockBytes = 32 << 10 }))
            {
                await WriteAsync(journal, distinct + 1, 4000, session: 1);
                distinct += 4000;
                await WriteAsync(journal, distinct - 1999, 2000, session: 2 + (ulong)run);
            }

            var lines = await CrashProcess.KillAfterAsync(random.Next(0, 400), "project", journalPath, database);
            var announced = lines[^1].Split(' ').Select(static n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            var (checkpoint, counted, rows, signatures, behind) = Look(database);
            Assert.True(checkpoint >= announced[0], $"Run {run}: announced {announced[0]}, found {checkpoint}.");
            Assert.Equal(counted, rows);
            Assert.Equal(rows, signatures);
            Assert.Equal(0, behind);
            midway += rows > 0 && rows < (long)distinct ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{midway} kills came between the first and the last row.");
        await using (var journal = RecordJournal.Open(new JournalOptions { Directory = journalPath }))
        {
            using var store = new DuckDbStore(new DuckDbOptions { Path = database });
            using var projector = new Projector(journal, store, new ProjectorOptions());
            await projector.StartAsync(TestContext.Current.CancellationToken);
            await Poll.UntilAsync(() => projector.Checkpoint == journal.DurableLsn, () => projector.LastError);
            await projector.StopAsync(TestContext.Current.CancellationToken);
            Assert.Equal((long)distinct, store.TransactionCount);
        }

        var end = Look(database);
        Assert.Equal(((long)distinct, (long)distinct), (end.Rows, end.Signatures));
    }

    private static async Task WriteAsync(RecordJournal journal, ulong firstSequence, int count, ulong session)
    {
        for (var done = 0; done < count; done += 100)
        {
            var batch = TestRecords.Transactions(journal.NextLsn, 100, firstSequence + (ulong)done, session: session);
            await journal.WriteAsync(batch);
            batch.Release();
        }

        await journal.FlushAsync();
    }

    // Opening replays the database's own log, as the next start of a host would.
    private static (long Checkpoint, long Counted, long Rows, long Signatures, long BehindCheckpoint) Look(string database)
    {
        using var connection = new DuckDBConnection("Data Source=" + database);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM duckdb_tables()";
        var tables = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (tables == 0)
        {
            // Killed before the tables were made, which is one transaction too.
            return default;
        }

        // Those of the catalogue, the checkpoint, the repeats and the samples.
        Assert.Equal(HistoryTables.All.Count + 3, tables);
        command.CommandText = """
            SELECT c.lsn::BIGINT, c.transactions, (SELECT count(*) FROM transactions), (SELECT count(DISTINCT signature) FROM transactions),
                (SELECT count(*) FROM transactions t WHERE t.lsn > c.lsn) FROM projector_checkpoint c
            """;
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
    }
}
