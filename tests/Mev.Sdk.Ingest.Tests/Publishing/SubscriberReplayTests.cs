using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Publishing;

public sealed class SubscriberReplayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_is_answered_with_the_records_as_they_were()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 1000), Token);
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        var sent = new List<byte[]>();
        for (var i = 0; i < 1000; i++)
        {
            sent.Add(await host.ReadAsync() ?? []);
        }

        foreach (var (first, last) in new[] { (1, 1), (64, 65), (63, 200), (1000, 1000), (1, 1000), (999, 1000) })
        {
            await host.SendAsync(SessionFrames.ReplayRequest(engine.SessionId, (ulong)first, (ulong)last));
            for (var i = first; i <= last; i++)
            {
                Assert.Equal(sent[i - 1], await host.ReadAsync());
            }
        }
    }

    [Fact]
    public async Task Request_for_what_was_evicted_is_answered_with_a_notice_and_the_rest()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10 });
        for (var i = 0; i < 200; i++)
        {
            await engine.PublishAsync(Frames.Numbered(i, padding: 1000), Token);
        }

        var first = engine.FirstRetainedSequence;
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 200);
        Assert.Equal((TemplateIds.Metric, 200UL), await host.ReadHeaderAsync());
        await host.SendAsync(SessionFrames.ReplayRequest(engine.SessionId, 3, first + 1));

        Assert.True(SessionFrames.TryRead<GapNoticeMessage>(await host.ReadAsync() ?? [], out var notice));
        Assert.Equal((engine.SessionId, 3UL, first - 1, GapCause.NotRetained), (notice.SessionId, notice.FirstSequence, notice.LastSequence, notice.Cause));
        Assert.Equal((TemplateIds.Metric, first), await host.ReadHeaderAsync());
        Assert.Equal((TemplateIds.Metric, first + 1), await host.ReadHeaderAsync());

        // All of it gone: a notice, and nothing else.
        await host.SendAsync(SessionFrames.ReplayRequest(engine.SessionId, 1, 2));
        Assert.True(SessionFrames.TryRead<GapNoticeMessage>(await host.ReadAsync() ?? [], out notice));
        Assert.Equal((1UL, 2UL), (notice.FirstSequence, notice.LastSequence));
    }

    [Fact]
    public async Task Replay_and_live_records_take_turns()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        // More than any socket buffers, so that the replay cannot be over before the first live record.
        await engine.PublishAsync(Frames.Many(1, 5000, padding: 3000), Token);
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 5001);
        await engine.WaitForSubscriberAsync(Token);
        await host.SendAsync(SessionFrames.ReplayRequest(engine.SessionId, 1, 5000));
        await engine.PublishAsync(Frames.Many(5001, 5000, padding: 3000), Token);

        var seen = new List<ulong>();
        while (seen.Count < 10_000)
        {
            seen.Add((await host.ReadHeaderAsync()).Sequence);
        }

        Assert.Equal(Enumerable.Range(1, 5000).Select(i => (ulong)i), seen.Where(sequence => sequence <= 5000));
        Assert.Equal(Enumerable.Range(5001, 5000).Select(i => (ulong)i), seen.Where(sequence => sequence > 5000));
        Assert.True(seen.IndexOf(5001) < seen.IndexOf(5000), "live records waited for the whole replay");
        Assert.True(seen.LastIndexOf(10_000) > seen.IndexOf(1), "the replay waited for all live records");
    }

    [Theory]
    [InlineData(0UL, 5UL)]
    [InlineData(5UL, 4UL)]
    [InlineData(1UL, 11UL)]
    [InlineData(1UL, ulong.MaxValue)]
    [InlineData(1UL, 65_537UL)]
    public async Task Request_that_nobody_may_make_ends_the_connection(ulong first, ulong last)
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 10), Token);
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 11);
        await host.SendAsync(SessionFrames.ReplayRequest(engine.SessionId, first, last));
        Assert.Null(await host.ReadAsync());
    }

    [Fact]
    public async Task Requests_piled_up_end_the_connection()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 60_000, padding: 200), Token);
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 60_001);
        await host.SendAsync([.. Enumerable.Repeat(SessionFrames.ReplayRequest(engine.SessionId, 1, 60_000), 20).SelectMany(frame => frame)]);
        await Eventually.BecomesAsync(() => engine.SubscriberCount == 0);
    }

    [Fact]
    public async Task Request_before_the_subscription_ends_the_connection()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 10), Token);
        using var host = await RawHost.ConnectAsync(engine.LocalEndPoint);
        await host.ReadHelloAsync();
        await host.SendAsync(SessionFrames.ReplayRequest(engine.SessionId, 1, 2));
        Assert.Null(await host.ReadAsync());
    }

    [Fact]
    public async Task Goodbye_waits_for_a_replay()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());

        // More than any socket buffers, so that the replay is still under way when the engine wants to end.
        await engine.PublishAsync(Frames.Many(1, 5000, padding: 3000), Token);
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 5001);
        await host.SendAsync(SessionFrames.ReplayRequest(engine.SessionId, 1, 5000));
        Assert.Equal((TemplateIds.Metric, 1UL), await host.ReadHeaderAsync());
        var completing = engine.CompleteAsync(GoodbyeCode.EndOfStream, "done", TimeSpan.FromMinutes(1), Token);
        for (var sequence = 2UL; sequence <= 5000; sequence++)
        {
            Assert.Equal((TemplateIds.Metric, sequence), await host.ReadHeaderAsync());
        }

        Assert.Equal((TemplateIds.Goodbye, 5000UL), await host.ReadHeaderAsync());
        host.Dispose();
        Assert.True(await completing);
    }

    [Fact]
    public async Task Heartbeat_of_the_host_is_answered_at_once_with_both_times()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 7, 27, 0, 0, 0, TimeSpan.Zero));
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions(), time);
        await engine.PublishAsync(Frames.Many(1, 2), Token);
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 3);
        await engine.WaitForSubscriberAsync(Token);
        await host.SendAsync(SessionFrames.Heartbeat(0, 12345));

        var frame = await host.ReadAsync() ?? [];
        Assert.True(SessionFrames.TryRead<HeartbeatMessage>(frame, out var answer));
        var header = MemoryMarshal.Read<FrameHeader>(frame);
        Assert.Equal((12345UL, 1_785_110_400_000_000_000UL), (answer.EchoNanoseconds, answer.EchoReceivedNanoseconds));
        Assert.Equal((2UL, 1_785_110_400_000_000_000UL), (header.Sequence, header.EngineTimeNanoseconds));
    }

    [Fact]
    public async Task Slow_subscriber_is_told_what_was_dropped_at_its_place()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10, WhenFull = WhenFull.DropAndTell });
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await engine.WaitForSubscriberAsync(Token);
        for (var i = 0; i < 20_000; i++)
        {
            await engine.PublishAsync(Frames.Numbered(i, padding: 1000), Token);
        }

        var (next, dropped) = (1UL, 0UL);
        while (next <= 20_000)
        {
            var frame = await host.ReadAsync() ?? [];
            if (SessionFrames.TryRead<GapNoticeMessage>(frame, out var notice))
            {
                Assert.Equal((next, GapCause.NotRetained), (notice.FirstSequence, notice.Cause));
                dropped += notice.LastSequence - notice.FirstSequence + 1;
                next = notice.LastSequence + 1;
                continue;
            }

            Assert.Equal(next++, MemoryMarshal.Read<FrameHeader>(frame).Sequence);
        }

        Assert.True(dropped > 0);
    }
}
