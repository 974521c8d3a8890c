using System.Buffers;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Sequencing;

public sealed class RecordSequencerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_many_sources_at_once_sinks_see_lsn_order_without_overlap()
    {
        var sink = new CollectingSink { OnWrite = async _ => await Task.Yield() };
        await using var sequencer = new RecordSequencer([sink]);

        await Task.WhenAll(Enumerable.Range(1, 8).Select(source => Task.Run(async () =>
        {
            for (var i = 0UL; i < 100; i++)
            {
                await WriteAsync(sequencer, (uint)source, 1 + (i * 3), 3);
                Assert.True(sequencer.TryAppend(Frames.Numbered(-5)));
            }
        })));
        await sink.WaitForAsync(8 * 100 * 4);

        Assert.False(sink.Overlapped);
        Assert.Equal(Enumerable.Range(1, sink.All.Count).Select(i => (ulong)i), sink.All.Select(seen => seen.Lsn.Value));
        foreach (var source in sink.All.GroupBy(seen => seen.Position.SourceId))
        {
            Assert.Equal(Enumerable.Range(1, source.Count()).Select(i => (ulong)i), source.Select(seen => seen.Position.Sequence));
        }
    }

    [Fact]
    public async Task WriteAsync_the_log_is_called_first_and_numbering_continues_behind_it()
    {
        var order = new List<string>();
        var log = new FakeLog { NextLsn = Lsn.Create(3, 500), OnWrite = _ => Note("log") };
        log.Positions.Add(new StreamPosition(0, 0, 40));
        await using var sequencer = new RecordSequencer([new CollectingSink { OnWrite = _ => Note("a") }, log, new CollectingSink { OnWrite = _ => Note("b") }], log);
        Assert.True(sequencer.TryAppend(Frames.Numbered(1)));
        await log.WaitForAsync(1);
        await WriteAsync(sequencer, 9, 1, 2);

        Assert.Equal(["log", "a", "b", "log", "a", "b"], order);
        Assert.Equal([Lsn.Create(3, 500), Lsn.Create(3, 501), Lsn.Create(3, 502)], log.All.Select(seen => seen.Lsn));
        Assert.Equal(new StreamPosition(0, 0, 41), log.All[0].Position);

        ValueTask Note(string name)
        {
            order.Add(name);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task TryAppend_from_within_a_sink_does_not_deadlock_and_comes_before_the_next_batch()
    {
        RecordSequencer? sequencer = null;
        var sink = new CollectingSink();
        sink.OnWrite = batch =>
        {
            if (batch.First.SourceId != 0)
            {
                Assert.True(sequencer!.TryAppend(Frames.Numbered(-(long)batch.First.Sequence)));
            }

            return ValueTask.CompletedTask;
        };
        var lane = new SystemLane(new RecordSequencerOptions { OwnRecordDelay = TimeSpan.Zero });
        await using (sequencer = new RecordSequencer([sink], lane: lane))
        {
            for (var i = 1UL; i <= 200; i++)
            {
                await WriteAsync(sequencer, 1, i, 1);
            }

            await sink.WaitForAsync(400);
        }

        Assert.Equal(Enumerable.Range(1, 200).SelectMany(i => new long[] { i, -i }), sink.Numbers);
    }

    [Fact]
    public async Task TryAppend_full_lane_returns_false_is_counted_and_recovers()
    {
        var monitor = new IngestMonitor();
        var blocked = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        var sink = new CollectingSink
        {
            OnWrite = async _ =>
            {
                entered.TrySetResult();
                await blocked.Task;
            },
        };
        var lane = new SystemLane(new RecordSequencerOptions { LaneRecords = 3 }, monitor);
        await using var sequencer = new RecordSequencer([sink], lane: lane, monitor: monitor);
        var write = WriteAsync(sequencer, 1, 1, 1);
        await entered.Task;

        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(i => sequencer.TryAppend(Frames.Numbered(100 + i))));
        Assert.Equal(2, monitor.GetSnapshot().OwnRecordsRejected);
        Assert.Equal(3, lane.Count);

        blocked.SetResult();
        await write;
        await sink.WaitForAsync(4);
        Assert.True(sequencer.TryAppend(Frames.Numbered(200)));
        await sink.WaitForAsync(5);
        Assert.Equal([1, 100, 101, 102, 200], sink.Numbers);
        await Eventually.BecomesAsync(() => monitor.GetSnapshot().OwnRecords == 4);
    }

    [Fact]
    public async Task TryAppend_bytes_are_bounded_too()
    {
        var lane = new SystemLane(new RecordSequencerOptions { LaneBytes = RecordSequencerOptions.MinLaneBytes });
        var frame = Frames.Numbered(1, padding: 20_000);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => lane.TryAppend(frame)));

        var sink = new CollectingSink();
        await using var sequencer = new RecordSequencer([sink], lane: lane);
        await sink.WaitForAsync(3);
        Assert.Throws<InvalidOperationException>(() => new RecordSequencer([sink], lane: lane));
    }

    [Fact]
    public async Task TryAppend_lane_grows_and_keeps_the_order()
    {
        var lane = new SystemLane();
        Assert.All(Enumerable.Range(0, 3000), i => Assert.True(lane.TryAppend(Frames.Numbered(i))));
        var sink = new CollectingSink();
        await using var sequencer = new RecordSequencer([sink], lane: lane);
        await sink.WaitForAsync(3000);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => (long)i), sink.Numbers);
    }

    [Fact]
    public void TryAppend_what_is_not_one_record_is_refused()
    {
        var lane = new SystemLane();
        Assert.Throws<ArgumentException>(() => lane.TryAppend(new byte[16]));
        Assert.Throws<ArgumentException>(() => lane.TryAppend(Frames.Many(0, 2)));
        Assert.Throws<ArgumentException>(() => lane.TryAppend(EngineBytes.Heartbeat(1)));
        Assert.Throws<ArgumentException>(() => new SystemLane(new RecordSequencerOptions { LaneBytes = 1, LaneRecords = 0 }));
    }

    [Fact]
    public async Task WriteAsync_sink_that_throws_stops_the_intake_for_everyone()
    {
        var monitor = new IngestMonitor();
        var fails = new CollectingSink { OnWrite = batch => batch.First.Sequence == 3 ? throw new IOException("disk full") : default };
        var behind = new CollectingSink();
        await using var sequencer = new RecordSequencer([fails, behind], monitor: monitor);
        await WriteAsync(sequencer, 1, 1, 2);

        var first = await Assert.ThrowsAsync<IntakeStoppedException>(() => WriteAsync(sequencer, 1, 3, 1));
        var second = await Assert.ThrowsAsync<IntakeStoppedException>(() => WriteAsync(sequencer, 2, 1, 1));

        Assert.Contains("CollectingSink failed on the batch at LSN 0:3: disk full", first.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(first.InnerException);
        Assert.Equal(first.Message, second.Message);
        Assert.Equal(first.Message, monitor.GetSnapshot().Failure);
        Assert.Equal(first.Message, sequencer.Failure!.Message);
        Assert.Equal(2, behind.All.Count);
        Assert.False(sequencer.TryAppend(Frames.Numbered(1)));
    }

    [Fact]
    public async Task WriteAsync_own_record_that_breaks_a_sink_stops_the_intake()
    {
        var fails = new CollectingSink { OnWrite = _ => throw new IOException("disk full") };
        await using var sequencer = new RecordSequencer([fails]);
        Assert.True(sequencer.TryAppend(Frames.Numbered(1)));
        await Eventually.BecomesAsync(() => sequencer.Failure is not null);
        await Assert.ThrowsAsync<IntakeStoppedException>(() => WriteAsync(sequencer, 1, 1, 1));
    }

    [Fact]
    public async Task WriteAsync_cancelled_while_waiting_its_turn_shows_nothing()
    {
        var blocked = new TaskCompletionSource();
        var sink = new CollectingSink { OnWrite = async _ => await blocked.Task };
        await using var sequencer = new RecordSequencer([sink]);
        var first = WriteAsync(sequencer, 1, 1, 1);
        using var cancel = new CancellationTokenSource();
        var second = WriteUntilAsync(sequencer, 2, 1, 1, cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        blocked.SetResult();
        await first;

        Assert.Equal(1u, Assert.Single(sink.All).Position.SourceId);
    }

    [Fact]
    public async Task DisposeAsync_shows_what_waits_and_then_takes_no_more()
    {
        var sink = new CollectingSink();
        var sequencer = new RecordSequencer([sink]);
        Assert.True(sequencer.TryAppend(Frames.Numbered(1)));
        await sequencer.DisposeAsync();
        await sequencer.DisposeAsync();

        Assert.Equal([1L], sink.Numbers);
        Assert.False(sequencer.TryAppend(Frames.Numbered(2)));
        await Assert.ThrowsAsync<IntakeStoppedException>(() => WriteAsync(sequencer, 1, 1, 1));
    }

    private static Task WriteAsync(RecordSequencer sequencer, uint source, ulong first, int count) => WriteUntilAsync(sequencer, source, first, count, Token);

    private static async Task WriteUntilAsync(RecordSequencer sequencer, uint source, ulong first, int count, CancellationToken cancellationToken)
    {
        var bytes = Enumerable.Range(0, count).SelectMany(i => Frames.Numbered((long)first + i, first + (ulong)i)).ToArray();
        var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented, 0);
        var batch = RecordBatch.Own(rented, bytes.Length, count, new StreamPosition(source, 1, first));
        try
        {
            await sequencer.WriteAsync(batch, cancellationToken);
        }
        finally
        {
            batch.Release();
        }
    }
}
