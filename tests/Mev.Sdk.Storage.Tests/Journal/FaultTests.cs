using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage.Tests.Journal;

public sealed class FaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FailingDisk _disk = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failing_disk_faults_the_journal_and_keeps_the_durable_prefix(bool writesFail)
    {
        var journal = JournalHarness.Open(JournalHarness.Options(_folder.Path), _disk);
        var durable = await journal.WriteAsync(100);
        (_disk.WritesFail, _disk.SyncsFail) = (writesFail, !writesFail);

        var fault = await Assert.ThrowsAsync<JournalFaultedException>(() => journal.WriteAsync(100, firstSequence: 101));
        Assert.Contains("00000001.mevj", fault.Path, StringComparison.Ordinal);
        Assert.Contains(writesFail ? "error while writing" : "Input/output error", fault.Message, StringComparison.Ordinal);
        Assert.Equal(durable, fault.DurableLsn);
        Assert.Same(fault, journal.Fault);

        // It stays refused when the disk is well again, since what the failed sync dropped is unknown.
        (_disk.WritesFail, _disk.SyncsFail) = (false, false);
        await Assert.ThrowsAsync<JournalFaultedException>(() => journal.WriteAsync(1, firstSequence: 101));
        await Assert.ThrowsAsync<JournalFaultedException>(() => journal.FlushAsync(TestContext.Current.CancellationToken));
        Assert.Equal(100, (await journal.ReadAllAsync()).Count);
        var next = journal.NextLsn;
        await journal.DisposeAsync();

        await using var again = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        Assert.True(again.NextLsn >= next);
        var read = await again.ReadAllAsync();
        Assert.True(read.Count >= 100);
        Assert.All(read, static (r, i) => Assert.True(r.Position.Sequence == (ulong)i + 1 && r.IsExpectedTransaction()));
    }

    [Fact]
    public async Task Reader_that_follows_gets_every_durable_record_and_then_the_fault()
    {
        await using var journal = JournalHarness.Open(JournalHarness.Options(_folder.Path), _disk);
        await journal.WriteAsync(50);
        _disk.SyncsFail = true;
        await Assert.ThrowsAsync<JournalFaultedException>(() => journal.WriteAsync(10, firstSequence: 51));
        var seen = 0;
        await Assert.ThrowsAsync<JournalFaultedException>(async () =>
        {
            await foreach (var batch in journal.ReadAsync(Lsn.None, follow: true, TestContext.Current.CancellationToken))
            {
                seen += batch.Count;
                batch.Release();
            }
        });
        Assert.Equal(50, seen);
    }

    [Fact]
    public async Task Write_waits_while_the_buffer_is_full_and_can_be_given_up()
    {
        await using var journal = JournalHarness.Open(JournalHarness.Options(_folder.Path), _disk);
        await journal.WriteAsync(1);
        _disk.SyncsGoOn.Reset();
        using var stop = new CancellationTokenSource();
        var taken = 1;
        var waiting = Task.CompletedTask;

        // Two buffers of 64 KiB: one with the writer, one filling.
        while (waiting.IsCompleted)
        {
            Assert.True(taken < 5000, "The buffer never filled.");
            var batch = TestRecords.Transactions(journal.NextLsn, 10, (ulong)taken + 1);
            waiting = journal.WriteAsync(batch, stop.Token).AsTask();
            taken += waiting.IsCompleted ? 10 : 0;
            if (!waiting.IsCompleted)
            {
                await Task.WhenAny(waiting, Task.Delay(200, TestContext.Current.CancellationToken));
                taken += waiting.IsCompleted ? 10 : 0;
            }
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _disk.SyncsGoOn.Set();
        await journal.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(taken, journal.Statistics.Records);
        await journal.WriteAsync(10, firstSequence: (ulong)taken + 1);
    }

    [Fact]
    public async Task Records_are_not_shown_before_they_are_synced()
    {
        await using var journal = JournalHarness.Open(JournalHarness.Options(_folder.Path), _disk);
        await journal.WriteAsync(10);
        _disk.SyncsGoOn.Reset();
        var batch = TestRecords.Transactions(journal.NextLsn, 10, 11);
        await journal.WriteAsync(batch, TestContext.Current.CancellationToken);
        var flush = journal.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(10, (await journal.ReadAllAsync()).Count);
        Assert.False(flush.IsCompleted);
        _disk.SyncsGoOn.Set();
        await flush;
        Assert.Equal(20, (await journal.ReadAllAsync()).Count);
    }
}
