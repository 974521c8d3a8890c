using System.Diagnostics;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Postgres;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests.Journal;
using Mev.Sdk.TestKit;
using Npgsql;

namespace Mev.Sdk.Storage.Tests.Postgres;

/// <summary>What happens to rows when the server does not do what it should: nothing twice, nothing missing, the journal untouched.</summary>
[Trait("Needs", "postgres")]
public sealed class FaultTests : IAsyncDisposable
{
    private const int PerRound = 3000;
    private readonly TemporaryFolder _folder = new();
    private readonly RecordJournal _journal;

    public FaultTests() => _journal = RecordJournal.Open(JournalHarness.Options(_folder.Combine("journal")));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Server_that_is_gone_for_a_while_and_stopped_in_the_middle_of_transactions_gets_every_row_once()
    {
        await using var server = await PostgresFixture.OrSkipAsync(PostgresServer.StartAsync());
        await using var store = new PostgresStore(new PostgresOptions { ConnectionString = server.ConnectionString });
        using var projector = Start(store);
        ulong written = 0;
        for (var round = 0; round < 3; round++)
        {
            written += await WriteAsync(written);
            await UntilAsync(() => store.TransactionCount > (long)written - PerRound, projector);

            // Whatever it is doing then: the projector is in the middle of its small transactions.
            await server.StopNowAsync();
            written += await WriteAsync(written);
            await UntilAsync(() => projector.LastError is not null, projector);
            await server.RestartAsync();
            await UntilAsync(() => projector.Checkpoint == _journal.DurableLsn && projector.LastError is null, projector);
        }

        await projector.StopAsync(Cancellation);
        await AssertWholeAsync(store, server.ConnectionString, written);
    }

    [Fact]
    public async Task Server_that_became_read_only_keeps_what_it_has_and_goes_on_when_it_may_write()
    {
        await using var server = await PostgresFixture.OrSkipAsync(PostgresServer.StartAsync());
        await using var store = new PostgresStore(new PostgresOptions { ConnectionString = server.ConnectionString });
        using var projector = Start(store);
        var written = await WriteAsync(0);
        await UntilAsync(() => projector.Checkpoint == _journal.DurableLsn, projector);
        await SetAsync(server, "on");
        written += await WriteAsync(written);
        await UntilAsync(() => projector.LastError is not null, projector);
        Assert.Equal(PerRound, (await CountAsync(server.ConnectionString)).Rows);
        Assert.Equal(PerRound, (await store.FindTransactionsAsync(new TransactionQuery { Limit = 10_000 }, Cancellation)).Count);
        await SetAsync(server, "off");
        await UntilAsync(() => projector.Checkpoint == _journal.DurableLsn && projector.LastError is null, projector);
        await projector.StopAsync(Cancellation);
        await AssertWholeAsync(store, server.ConnectionString, written);

        static async Task SetAsync(PostgresServer server, string value)
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString);
            await connection.OpenAsync(Cancellation);
            foreach (var sql in new[] { "SET default_transaction_read_only = off", "ALTER SYSTEM SET default_transaction_read_only = " + value, "SELECT pg_reload_conf()" })
            {
                await connection.ExecuteAsync(sql, Cancellation);
            }
        }
    }

    [Fact]
    public async Task Table_that_somebody_holds_for_longer_than_a_statement_may_take_delays_the_rows_only()
    {
        await using var server = await PostgresFixture.OrSkipAsync(PostgresServer.StartAsync());
        await using var store = new PostgresStore(new PostgresOptions { ConnectionString = server.ConnectionString, CommandTimeout = TimeSpan.FromSeconds(1) });
        using var projector = Start(store);
        var written = await WriteAsync(0);
        await UntilAsync(() => projector.Checkpoint == _journal.DurableLsn, projector);
        await using (var other = new NpgsqlConnection(server.ConnectionString))
        {
            await other.OpenAsync(Cancellation);
            await using var transaction = await other.BeginTransactionAsync(Cancellation);
            await other.ExecuteAsync("LOCK TABLE mev.transactions_rows IN ACCESS EXCLUSIVE MODE", Cancellation);
            written += await WriteAsync(written);
            await UntilAsync(() => projector.LastError is not null, projector);
        }

        await UntilAsync(() => projector.Checkpoint == _journal.DurableLsn && projector.LastError is null, projector);
        await projector.StopAsync(Cancellation);
        await AssertWholeAsync(store, server.ConnectionString, written);
    }

    [Fact]
    public async Task Disk_that_is_full_stops_the_rows_and_not_the_journal()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small tmpfs takes Linux and root.");
        var mount = _folder.Combine("small");
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=160m,mode=0755", "tmpfs", mount), "No right to mount a tmpfs here.");
        try
        {
            // Its files are in a folder of the disk: what fills the rest of it lies beside. The account of the server must reach it.
            Assert.True(Run("chmod", "o+x", _folder.Path));
            var data = Path.Combine(mount, "data");
            Directory.CreateDirectory(data);
            await using var server = await PostgresFixture.OrSkipAsync(PostgresServer.StartAsync(data, "max_wal_size=32MB", "min_wal_size=32MB", "wal_recycle=off"));
            await using var store = new PostgresStore(new PostgresOptions { ConnectionString = server.ConnectionString });
            using var projector = Start(store);
            var written = await WriteAsync(0);
            await UntilAsync(() => projector.Checkpoint == _journal.DurableLsn, projector);
            var ballast = Path.Combine(mount, "ballast");
            await using (var file = File.Create(ballast))
            {
                var block = new byte[1 << 20];
                try
                {
                    while (true)
                    {
                        await file.WriteAsync(block, Cancellation);
                        await file.FlushAsync(Cancellation);
                    }
                }
                catch (IOException)
                {
                    // Full.
                }
            }

            for (var i = 0; i < 200 && projector.LastError is null; i++)
            {
                written += await WriteAsync(written);
                await Task.Delay(20, Cancellation);
            }

            await UntilAsync(() => projector.LastError is not null, projector);
            File.Delete(ballast);

            // When the write-ahead log could not grow, PostgreSQL has stopped itself.
            await server.StopNowAsync();
            await server.RestartAsync();
            await UntilAsync(() => projector.Checkpoint == _journal.DurableLsn && projector.LastError is null, projector);
            await projector.StopAsync(Cancellation);
            await AssertWholeAsync(store, server.ConnectionString, written);
        }
        finally
        {
            Assert.True(Run("umount", "-l", mount));
        }
    }

    [Fact]
    public async Task Second_projector_is_refused_and_takes_over_when_the_first_ends()
    {
        await using var server = await PostgresFixture.OrSkipAsync(PostgresServer.StartAsync());
        var options = new PostgresOptions { ConnectionString = server.ConnectionString };
        await using var second = new PostgresStore(options);
        await using (var first = new PostgresStore(options))
        {
            await first.OpenAsync(Cancellation);
            var e = await Assert.ThrowsAsync<InvalidOperationException>(async () => await second.OpenAsync(Cancellation));
            Assert.Contains("Another projector", e.Message, StringComparison.Ordinal);

            // Even one whose lock was lost does not write over what another wrote.
            await using var connection = new NpgsqlConnection(server.ConnectionString);
            await connection.OpenAsync(Cancellation);
            await connection.ExecuteAsync("UPDATE mev.projector_checkpoint SET lsn = 500", Cancellation);
            var batch = TestRecords.Transactions(new Lsn(1), 10);
            e = await Assert.ThrowsAsync<InvalidOperationException>(async () => await first.ApplyAsync([batch], batch.LastLsn, Cancellation));
            Assert.Contains("another projector", e.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await first.ApplyAsync([batch], batch.LastLsn, Cancellation));
            batch.Release();
        }

        Assert.Equal(new Lsn(500), await second.OpenAsync(Cancellation));
        Assert.Equal(0, (await CountAsync(server.ConnectionString)).Rows);
    }

    // Two hosts in one connection string: while both are primaries either is good for reading; the first one down, the other answers.
    [Fact]
    public async Task Reads_go_to_another_host_when_one_is_down()
    {
        await using var server = await PostgresFixture.OrSkipAsync(PostgresServer.StartAsync());
        await using var gone = await PostgresFixture.OrSkipAsync(PostgresServer.StartAsync());
        var both = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = $"127.0.0.1:{gone.Port},127.0.0.1:{server.Port}", Timeout = 5 };
        both.Remove("Port");
        await gone.StopNowAsync();
        await using var store = new PostgresStore(new PostgresOptions { ConnectionString = both.ConnectionString });
        await store.OpenAsync(Cancellation);
        var batch = TestRecords.Transactions(new Lsn(1), 10);
        await store.ApplyAsync([batch], batch.LastLsn, Cancellation);
        batch.Release();
        Assert.Equal(10, (await store.GetLatestTransactionsAsync(100, Cancellation)).Count);

        // Nobody is left, and the message says who was asked, without the words that open the door.
        await server.StopNowAsync();
        NpgsqlConnection.ClearAllPools();
        var e = await Assert.ThrowsAsync<IOException>(async () => await store.OpenAsync(Cancellation));
        Assert.Contains(server.Port, e.Message, StringComparison.Ordinal);
    }

    private Projector Start(PostgresStore store)
    {
        var projector = new Projector(_journal, store, new ProjectorOptions { BatchRecords = 200, FirstRetryDelay = TimeSpan.FromMilliseconds(20), MaxRetryDelay = TimeSpan.FromMilliseconds(200) });
        _ = projector.StartAsync(Cancellation);
        return projector;
    }

    private async Task<ulong> WriteAsync(ulong written)
    {
        await _journal.WriteAsync(PerRound, written + 1, perBatch: 100);
        await _journal.FlushAsync(Cancellation);
        return PerRound;
    }

    private static async Task AssertWholeAsync(PostgresStore store, string connectionString, ulong written)
    {
        var (rows, signatures, counted) = await CountAsync(connectionString);
        Assert.Equal(((long)written, (long)written, (long)written, (long)written), (rows, signatures, counted, store.TransactionCount));
    }

    private static async Task<(long Rows, long Signatures, long Counted)> CountAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*), count(DISTINCT signature), (SELECT transactions FROM mev.projector_checkpoint) FROM mev.transactions";
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        await reader.ReadAsync(Cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static async Task UntilAsync(Func<bool> condition, Projector projector)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), $"Not reached within two minutes. {projector.LastError}");
            await Task.Delay(5, Cancellation);
        }
    }
}
