using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Transports;

/// <summary>The last records of a stream that ended in order are acknowledged too.</summary>
public sealed class TailAckTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task RunAsync_end_of_stream_stays_open_until_the_last_record_is_acknowledged()
    {
        var time = new FakeTimeProvider();
        await using var engine = EndingEngine();
        var log = new FakeLog();
        await using var host = new Stand(engine.Endpoint, log: log, time: time);
        await log.WaitForAsync(3);
        await host.StateAsync(SourceState.Connected);

        log.Commit(log.All[1].Position, log.All[1].Lsn);
        await Eventually.BecomesAsync(() => engine.Acks.Contains(2UL));
        Assert.Equal(SourceState.Connected, host.Snapshot.State);
        log.Commit(log.All[2].Position, log.All[2].Lsn);

        await host.StateAsync(SourceState.Ended);
        await Eventually.BecomesAsync(() => engine.Acks.Contains(3UL));
        Assert.Equal((1, 3UL), (engine.Connections, host.Snapshot.AcknowledgedSequence));
    }

    [Fact]
    public async Task RunAsync_lost_tail_is_not_waited_for()
    {
        var time = new FakeTimeProvider();
        await using var engine = EndingEngine(last: 9);
        var log = new FakeLog();
        await using var host = new Stand(engine.Endpoint, log: log, time: time);
        await log.WaitForAsync(3);
        await Eventually.BecomesAsync(() => host.Gaps.GapCount == 1);

        log.Commit(log.All[2].Position, log.All[2].Lsn);

        await host.StateAsync(SourceState.Ended);
        await Eventually.BecomesAsync(() => engine.Acks.Contains(3UL));
    }

    [Fact]
    public async Task RunAsync_log_that_takes_too_long_is_acknowledged_when_the_ended_stream_is_asked_again()
    {
        var time = new FakeTimeProvider();
        await using var engine = EndingEngine();
        var log = new FakeLog();
        await using var host = new Stand(engine.Endpoint, log: log, time: time);
        await log.WaitForAsync(3);
        await Eventually.AdvanceUntilAsync(time, Step, () => host.Snapshot.State == SourceState.Ended);
        Assert.Empty(engine.Acks);

        // Nobody is told: the next connection has to look by itself.
        log.Positions.Add(log.All[2].Position);

        await Eventually.AdvanceUntilAsync(time, Step, () => engine.Acks.Contains(3UL));
        Assert.Equal([1UL], engine.SubscribedFrom);
    }

    [Fact]
    public async Task RunAsync_publisher_that_completed_hears_of_its_last_record()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        FakeLog? log = null;
        log = new FakeLog
        {
            OnWrite = async batch =>
            {
                var (last, lsn) = (batch.First with { Sequence = batch.First.Sequence + (ulong)batch.Count - 1 }, batch.LastLsn);
                await Task.Yield();
                _ = Task.Run(async () =>
                {
                    await Task.Delay(50);
                    log!.Commit(last, lsn);
                });
            },
        };
        await using var host = new Stand(engine, options => options.ReconnectAfterEnd = false, log: log);
        await engine.WaitForSubscriberAsync(TestContext.Current.CancellationToken);
        await engine.PublishAsync(Frames.Numbered(1), TestContext.Current.CancellationToken);

        await engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await host.Running;

        Assert.Equal((SourceState.Ended, 1UL), (host.Snapshot.State, host.Snapshot.AcknowledgedSequence));
    }

    [Theory]
    [InlineData(true, 0UL)]
    [InlineData(true, 2UL)]
    [InlineData(false, 0UL)]
    public async Task RunAsync_host_with_a_log_says_what_it_has_right_behind_its_subscription(bool hasLog, ulong durable)
    {
        await using var engine = EndingEngine();
        var log = hasLog ? new FakeLog() : null;
        if (durable != 0)
        {
            log!.Positions.Add(new StreamPosition(SourceIds.FromName("engine"), EngineBytes.Session, durable));
        }

        await using var host = new Stand(engine.Endpoint, static options => options.HeartbeatInterval = TimeSpan.Zero, log);
        await host.Sink.WaitForAsync(durable == 0 ? 3 : 1);

        // In one write, so the second is there with the first.
        await Eventually.BecomesAsync(() => engine.Heard.Count >= (hasLog ? 2 : 1));
        Assert.True(SessionFrames.TryRead<SubscribeMessage>(engine.Heard[0], out _));
        var acks = engine.Heard.Select(frame => SessionFrames.TryRead<AckMessage>(frame, out var ack) ? (ack.SessionId, ack.DurableSequence) : default).Where(static ack => ack.SessionId != 0);
        Assert.Equal(hasLog ? [(EngineBytes.Session, durable)] : [], acks.Take(2));
    }

    private static FakeEngine EndingEngine(ulong last = 3) => new(async (connection, stream) =>
    {
        await stream.WriteAsync(EngineBytes.Hello(next: last + 1));
        if (connection == 0)
        {
            await stream.WriteAsync(Frames.Concat(EngineBytes.Records(1, 3), EngineBytes.Goodbye(last)));
        }
    });
}
