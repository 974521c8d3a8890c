using System.Globalization;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Postgres;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.TestKit;
using Npgsql;

namespace Mev.Sdk.Storage.DuckDb.Tests.Crash;

[Trait("Needs", "postgres")]
[Trait("Needs", "kill")]
public sealed class PostgresCrashTests
{
    private const int PerRun = 2000;

    private static int Kills => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 200 : 6;

    [Fact]
    public async Task Projector_killed_at_any_moment_stores_every_row_once_and_the_counts_agree_with_the_journal()
    {
        await using var server = await StartAsync();
        using var folder = new TemporaryFolder();
        var random = new Random(14);
        ulong distinct = 0;
        for (var run = 0; run < Kills; run++)
        {
            // New transactions, and a replay of the latest ones by another session.
            await using (var journal = RecordJournal.Open(new JournalOptions { Directory = folder.Path, BlockBytes = 32 << 10 }))
            {
                await WriteAsync(journal, distinct + 1, PerRun, session: 1);
                distinct += PerRun;
                await WriteAsync(journal, distinct - (PerRun / 2) + 1, PerRun / 2, session: 2 + (ulong)run);
            }

            var lines = await CrashProcess.KillAfterAsync(random.Next(0, 400), "project-postgres", folder.Path, server.ConnectionString);
            var announced = lines[^1].Split(' ').Select(static n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            var (checkpoint, counted, rows, signatures, behind) = await LookAsync(server);
            Assert.True(checkpoint >= announced[0], $"Run {run}: announced {announced[0]}, found {checkpoint}.");
            Assert.Equal((counted, rows, 0L), (rows, signatures, behind));
        }

        await using (var journal = RecordJournal.Open(new JournalOptions { Directory = folder.Path }))
        {
            await using var store = new PostgresStore(new PostgresOptions { ConnectionString = server.ConnectionString });
            using var projector = new Projector(journal, store, new ProjectorOptions());
            await projector.StartAsync(TestContext.Current.CancellationToken);
            await Poll.UntilAsync(() => projector.Checkpoint == journal.DurableLsn, () => projector.LastError);
            await projector.StopAsync(TestContext.Current.CancellationToken);
            Assert.Equal((long)distinct, store.TransactionCount);
        }

        var end = await LookAsync(server);
        Assert.Equal(((long)distinct, (long)distinct), (end.Rows, end.Signatures));
    }

    private static async Task<PostgresServer> StartAsync()
    {
        try
        {
            return await PostgresServer.StartAsync();
        }
        catch (ServerMissingException e)
        {
            Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), e.Message);
            throw;
        }
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

    private static async Task<(long Checkpoint, long Counted, long Rows, long Signatures, long BehindCheckpoint)> LookAsync(PostgresServer server)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();

        // One snapshot, since the server may still be ending what the killed process had asked for.
        command.CommandText = """
            SELECT c.lsn, c.transactions, (SELECT count(*) FROM mev.transactions), (SELECT count(DISTINCT signature) FROM mev.transactions),
                (SELECT count(*) FROM mev.transactions t WHERE t.lsn > c.lsn) FROM mev.projector_checkpoint c
            """;
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
    }
}
