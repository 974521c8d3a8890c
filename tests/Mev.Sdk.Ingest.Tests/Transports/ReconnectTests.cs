using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Transports;

public sealed class ReconnectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RunAsync_connection_cut_at_random_points_every_record_comes_exactly_once(int seed)
    {
        const int Count = 6000;
        const int Cuts = 25;
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await using var proxy = new CuttingProxy(engine.LocalEndPoint, seed, Cuts, maxBytes: 60_000);
        await using var host = new Stand(proxy.Endpoint);

        var random = new Random(seed);
        for (var sent = 0; sent < Count;)
        {
            var some = Math.Min(Count - sent, random.Next(1, 40));
            await engine.PublishAsync(Frames.Many(sent, some, padding: random.Next(0, 400)), Token);
            sent += some;
        }

        await host.Sink.WaitForAsync(Count);
        await Eventually.BecomesAsync(() => proxy.CutsMade == Cuts || host.Snapshot.LastSequence == Count);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), host.Sink.Numbers);
        Assert.Equal(0, host.Gaps.GapCount);
        Assert.True(proxy.CutsMade > 5, $"only {proxy.CutsMade} cuts: the test proves nothing");
        await Eventually.BecomesAsync(() => host.Snapshot.Reconnects >= proxy.CutsMade);
    }

    [Fact]
    public async Task RunAsync_restart_resumes_behind_the_durable_position()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 100), Token);
        var log = new FakeLog();
        await using (var host = new Stand(engine, log: log))
        {
            await log.WaitForAsync(100);

            // A crash: everything was received, only 60 records were durable.
            log.Commit(log.All[59].Position, log.All[59].Lsn);
        }

        await engine.PublishAsync(Frames.Many(101, 20), Token);
        var reopened = log.Reopen();
        await using var restarted = new Stand(engine, log: reopened);
        await reopened.WaitForAsync(60);
        await Eventually.BecomesAsync(() => engine.AcknowledgedSequence == 60);

        Assert.Equal(Enumerable.Range(61, 60).Select(i => (long)i), reopened.Numbers);
        Assert.True(reopened.All[0].Lsn > log.All[^1].Lsn);
        Assert.Equal(0, restarted.Gaps.GapCount);
    }

    [Fact]
    public async Task RunAsync_records_that_were_evicted_before_any_host_came_are_final()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 1 << 20 });
        for (var i = 1; i <= 4000; i++)
        {
            await engine.PublishAsync(Frames.Numbered(i, padding: 1000), Token);
        }

        await using var host = new Stand(engine);
        await Eventually.BecomesAsync(() => host.Snapshot.LastSequence == 4000, () => $"the last is {host.Snapshot.LastSequence}");

        var gap = Assert.Single(host.Gaps.GetGaps());
        Assert.Equal((1UL, GapState.Final, GapCause.NotRetained, true), (gap.FirstSequence, gap.State, gap.Cause, gap.IsExact));
        Assert.Equal((long)gap.LastSequence + 1, host.Sink.Numbers[0]);
        Assert.Equal(4000 - (int)gap.LastSequence, host.Sink.Numbers.Count);
    }

    [Fact]
    public async Task RunAsync_malformed_frame_is_counted_and_the_next_session_resumes_where_it_stood()
    {
        var bad = EngineBytes.Record(3);
        bad[^1] ^= 1;
        await using var engine = new FakeEngine(async (connection, stream) =>
        {
            await stream.WriteAsync(EngineBytes.Hello(next: 6));
            await stream.WriteAsync(connection == 0 ? Frames.Concat(EngineBytes.Records(1, 2), bad) : EngineBytes.Records(3, 5));
        });
        await using var host = new Stand(engine.Endpoint);

        await host.Sink.WaitForAsync(5);
        await Eventually.BecomesAsync(() => engine.SubscribedFrom.Count == 2);

        Assert.Equal([1L, 2, 3, 4, 5], host.Sink.Numbers);
        Assert.Equal([1UL, 3UL], engine.SubscribedFrom);
        Assert.Equal((1L, 1L, 1L), (host.Snapshot.ChecksumFailures, host.Snapshot.MalformedFrames, host.Snapshot.Reconnects));
        Assert.Contains(engine.Goodbyes, goodbye => goodbye.Code == GoodbyeCode.ProtocolError && goodbye.Reason.Contains("CRC-32C", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_slow_sink_slows_the_publisher_and_bounds_what_is_in_flight()
    {
        const int Retention = 1 << 20;
        var open = new TaskCompletionSource();
        var sink = new CollectingSink { OnWrite = async _ => await open.Task };
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = Retention });
        await using var host = new Stand(engine, options => options.PipeHighWaterBytes = 64 << 10, sink: sink);
        await engine.WaitForSubscriberAsync(Token);

        // 48 MiB: far more than the retention, the pipe and the sockets' buffers hold together.
        const int Total = 48_000;
        var published = 0L;
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < Total; i++)
            {
                await engine.PublishAsync(Frames.Numbered(i, padding: 1000), Token);
                Interlocked.Increment(ref published);
            }
        }, Token);
        var before = -1L;
        await Eventually.BecomesAsync(() =>
        {
            var now = Interlocked.Read(ref published);
            var stands = now == before && now > 0;
            before = now;
            Thread.Sleep(200);
            return stands;
        });
        var stuckAt = Interlocked.Read(ref published);
        Assert.False(publishing.IsCompleted);
        Assert.True(stuckAt < Total / 2, $"{stuckAt} records were taken although nobody read them");

        open.SetResult();
        await publishing.WaitAsync(TimeSpan.FromSeconds(60), Token);
        await host.Sink.WaitForAsync(Total);
        Assert.Equal(Enumerable.Range(0, Total).Select(i => (long)i), host.Sink.Numbers);
        Assert.Equal(0, host.Gaps.GapCount);
    }

    [Fact]
    public async Task OnDurable_is_acknowledged_to_the_engine_newest_only()
    {
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            await stream.WriteAsync(EngineBytes.Hello(next: 10));
            await stream.WriteAsync(EngineBytes.Records(1, 9));
        });
        var log = new FakeLog();
        await using var host = new Stand(engine.Endpoint, log: log);
        await log.WaitForAsync(9);
        var position = log.All[8].Position;

        host.Source.OnDurable(log.All[3].Lsn, [position with { SourceId = 1 }, position with { SessionId = 1, Sequence = 7 }]);
        log.Commit(position with { Sequence = 4 }, log.All[3].Lsn);
        log.Commit(position, log.All[8].Lsn);

        await Eventually.BecomesAsync(() => engine.Acks.Contains(9UL));
        Assert.DoesNotContain(7UL, engine.Acks);
        Assert.Equal(engine.Acks.Order(), engine.Acks);
        await Eventually.BecomesAsync(() => host.Snapshot.AcknowledgedSequence == 9);
    }

    [Fact]
    public async Task RunAsync_sink_failure_ends_the_source_instead_of_retrying()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 3), Token);
        var sink = new CollectingSink { OnWrite = _ => throw new IOException("disk full") };
        await using var host = new Stand(engine, sink: sink);

        await Assert.ThrowsAsync<IntakeStoppedException>(() => host.Running);

        Assert.Equal(SourceState.Ended, host.Snapshot.State);
        Assert.Contains("disk full", host.Snapshot.Reason, StringComparison.Ordinal);
    }
}
