using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Journal;

public sealed class TailingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reader_follows_the_writer_record_by_record_and_ends_with_it()
    {
        var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        var reading = Task.Run(() => FollowAsync(journal));
        await journal.WriteAsync(3000, perBatch: 7);
        await journal.DisposeAsync();
        var read = await reading;
        Assert.Equal(3000, read.Count);
        Assert.All(read, static (r, i) => Assert.True(r.Lsn.Counter == (ulong)i + 1 && r.Position.Sequence == (ulong)i + 1 && r.IsExpectedTransaction()));
    }

    [Fact]
    public async Task Reader_that_waits_can_be_cancelled()
    {
        await using var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path));
        using var stop = new CancellationTokenSource();
        var reader = journal.ReadAsync(Lsn.None, follow: true, stop.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = reader.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task Listener_hears_growing_lsns_and_the_positions_each_commit_touched()
    {
        var listener = new Recorder();
        await using (var journal = RecordJournal.Open(JournalHarness.Options(_folder.Path, static o => o.Fsync = JournalFsync.EveryCommit)))
        {
            journal.AddListener(new Thrower());
            journal.AddListener(listener);
            journal.AddListener(listener);
            await journal.WriteAsync(100, flushEach: true);
            await journal.WriteAsync(5, source: 8, session: 1);
            journal.RemoveListener(listener);
            await journal.WriteAsync(5, firstSequence: 6, source: 8, session: 1);
        }

        Assert.Equal(Lsn.Create(0, 105), listener.Heard[^1].Durable);
        Assert.Equal([new StreamPosition(8, 1, 5)], listener.Heard[^1].Positions);
        Assert.Equal(new StreamPosition(7, 99, 100), listener.Heard[^2].Positions[0]);
        Assert.Equal(listener.Heard.Select(static h => h.Durable), listener.Heard.Select(static h => h.Durable).Distinct().Order());
    }

    private static async Task<List<StoredRecord>> FollowAsync(RecordJournal journal)
    {
        var read = new List<StoredRecord>();
        await foreach (var batch in journal.ReadAsync(Lsn.None, follow: true, TestContext.Current.CancellationToken))
        {
            Assert.True(batch.LastLsn <= journal.DurableLsn);
            JournalHarness.Collect(batch, read);
            batch.Release();
        }

        return read;
    }

    private sealed class Recorder : IDurabilityListener
    {
        public List<(Lsn Durable, StreamPosition[] Positions)> Heard { get; } = [];

        public void OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions) => Heard.Add((durable, positions.ToArray()));
    }

    private sealed class Thrower : IDurabilityListener
    {
        public void OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions) => throw new InvalidOperationException("a listener that breaks its promise");
    }
}
