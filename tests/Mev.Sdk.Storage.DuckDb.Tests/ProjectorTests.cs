using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.DuckDb.Tests;

public sealed class ProjectorTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordJournal _journal;
    private readonly DuckDbStore _store;

    public ProjectorTests()
    {
        _journal = RecordJournal.Open(new JournalOptions { Directory = _folder.Combine("journal"), CommitInterval = TimeSpan.FromMilliseconds(5), BlockBytes = 64 << 10 });
        _store = new DuckDbStore(new DuckDbOptions { Path = _folder.Combine("history.duckdb") });
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _journal.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Rows_follow_the_journal_and_lag_goes_to_zero()
    {
        await WriteAsync(1, 1000);
        using var projector = new Projector(_journal, _store, new ProjectorOptions { BatchRecords = 300 });
        Assert.Equal(1000, projector.Lag);
        await projector.StartAsync(TestContext.Current.CancellationToken);
        await WriteAsync(1001, 500);
        await Poll.UntilAsync(() => _store.TransactionCount == 1500, () => projector.LastError);
        await Poll.UntilAsync(() => projector.Lag == 0);
        Assert.Equal(_journal.DurableLsn, projector.Checkpoint);
        await projector.StopAsync(TestContext.Current.CancellationToken);
        Assert.Null(projector.LastError);
    }

    [Fact]
    public async Task Database_that_is_ahead_of_the_log_is_told_instead_of_waiting_for_it_in_silence()
    {
        await WriteAsync(1, 500);
        using (var projector = new Projector(_journal, _store, new ProjectorOptions()))
        {
            await projector.StartAsync(TestContext.Current.CancellationToken);
            await Poll.UntilAsync(() => _store.TransactionCount == 500, () => projector.LastError);
            await projector.StopAsync(TestContext.Current.CancellationToken);
        }

        // The journal was deleted, the database was not: LSNs begin again.
        await using var other = RecordJournal.Open(new JournalOptions { Directory = _folder.Combine("other") });
        using var lost = new Projector(other, _store, new ProjectorOptions());
        await lost.StartAsync(TestContext.Current.CancellationToken);
        await Poll.UntilAsync(() => lost.LastError is not null);
        Assert.Contains("do not belong together", Assert.IsType<InvalidDataException>(lost.LastError).Message, StringComparison.Ordinal);
        await lost.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Lag_counts_records_not_the_numbers_that_a_restart_skips()
    {
        await WriteAsync(1, 500);
        using (var projector = new Projector(_journal, _store, new ProjectorOptions()))
        {
            await projector.StartAsync(TestContext.Current.CancellationToken);
            await Poll.UntilAsync(() => _store.TransactionCount == 500, () => projector.LastError);
            await projector.StopAsync(TestContext.Current.CancellationToken);
        }

        await _journal.DisposeAsync();
        await using var journal = RecordJournal.Open(new JournalOptions { Directory = _folder.Combine("journal") });
        var batch = TestRecords.Transactions(journal.NextLsn, 50, 501);
        await journal.WriteAsync(batch, TestContext.Current.CancellationToken);
        batch.Release();
        await journal.FlushAsync(TestContext.Current.CancellationToken);
        Assert.True(journal.DurableLsn.Value > 10_000, "the restart skipped no numbers");

        var held = new FlakyTarget(_store);
        using var next = new Projector(journal, held, new ProjectorOptions { FirstRetryDelay = TimeSpan.FromMilliseconds(10), MaxRetryDelay = TimeSpan.FromMilliseconds(20) });
        await next.StartAsync(TestContext.Current.CancellationToken);
        await Poll.UntilAsync(() => held.Failures > 0);
        Assert.Equal(50, next.Lag);
        held.IsDown = false;
        await Poll.UntilAsync(() => next.Lag == 0);
        Assert.Equal(550, _store.TransactionCount);
        await next.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Ending_of_the_journal_ends_the_projection_with_every_row()
    {
        using var projector = new Projector(_journal, _store, new ProjectorOptions());
        await projector.StartAsync(TestContext.Current.CancellationToken);
        await WriteAsync(1, 700);
        await _journal.DisposeAsync();
        await projector.ExecuteTask!;
        Assert.Equal(700, _store.TransactionCount);
    }

    [Fact]
    public async Task Failing_database_delays_nothing_but_itself_and_catches_up_with_every_row_once()
    {
        var target = new FlakyTarget(_store);
        using var projector = new Projector(_journal, target, new ProjectorOptions { FirstRetryDelay = TimeSpan.FromMilliseconds(10), BatchRecords = 100 });
        await projector.StartAsync(TestContext.Current.CancellationToken);
        await WriteAsync(1, 200);
        await Poll.UntilAsync(() => target.Failures > 2);
        Assert.IsType<IOException>(projector.LastError);
        await WriteAsync(201, 200);
        Assert.Equal(0, _store.TransactionCount);

        target.IsDown = false;
        await Poll.UntilAsync(() => projector.Checkpoint == _journal.DurableLsn && projector.LastError is null);
        Assert.Equal(400, _store.TransactionCount);
        await projector.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Rows_of_a_failed_transaction_are_not_taken_for_repeats_later()
    {
        await _store.OpenAsync(TestContext.Current.CancellationToken);
        var batch = TestRecords.Transactions(new Lsn(1), 10);

        using (var breaker = new DuckDB.NET.Data.DuckDBConnection("Data Source=" + _store.Path + ";memory_limit=1024MiB;threads=2"))
        {
            // The last statement of the transaction fails: rows were inserted and signatures noted by then.
            breaker.Open();
            breaker.Execute("ALTER TABLE projector_checkpoint RENAME TO elsewhere");
            await Assert.ThrowsAsync<DuckDB.NET.Data.DuckDBException>(async () => await _store.ApplyAsync([batch], new Lsn(10), TestContext.Current.CancellationToken));
            breaker.Execute("ALTER TABLE elsewhere RENAME TO projector_checkpoint");
        }

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _store.ApplyAsync([batch], new Lsn(10), TestContext.Current.CancellationToken));
        Assert.Equal(Lsn.None, await _store.OpenAsync(TestContext.Current.CancellationToken));
        await _store.ApplyAsync([batch], new Lsn(10), TestContext.Current.CancellationToken);
        Assert.Equal(10, _store.TransactionCount);
        batch.Release();
    }

    [Fact]
    public void Wrong_options_are_named_with_their_keys()
    {
        var options = new ProjectorOptions { BatchRecords = 0, BatchBytes = 1, FirstRetryDelay = TimeSpan.Zero, MaxRetryDelay = TimeSpan.FromDays(1) };
        var e = Assert.Throws<ArgumentException>(() => new Projector(_journal, _store, options));
        Assert.All(["BatchRecords", "BatchBytes", "FirstRetryDelay", "MaxRetryDelay"], key => Assert.Contains("Mev:Storage:Projector:" + key, e.Message, StringComparison.Ordinal));
    }

    private async Task WriteAsync(ulong firstSequence, int count)
    {
        for (var done = 0; done < count; done += 50)
        {
            var batch = TestRecords.Transactions(_journal.NextLsn, 50, firstSequence + (ulong)done);
            await _journal.WriteAsync(batch);
            batch.Release();
        }

        await _journal.FlushAsync();
    }

    /// <summary>A database that is down until it is told otherwise.</summary>
    private sealed class FlakyTarget(IProjectionTarget inner) : IProjectionTarget
    {
        private int _failures;

        public bool IsDown { get; set; } = true;

        public int Failures => Volatile.Read(ref _failures);

        public string Name => inner.Name;

        public ValueTask<Lsn> OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

        public ValueTask ApplyAsync(IReadOnlyList<RecordBatch> batches, Lsn checkpoint, CancellationToken cancellationToken)
        {
            if (IsDown)
            {
                Interlocked.Increment(ref _failures);
                throw new IOException("the database is down");
            }

            return inner.ApplyAsync(batches, checkpoint, cancellationToken);
        }
    }
}
