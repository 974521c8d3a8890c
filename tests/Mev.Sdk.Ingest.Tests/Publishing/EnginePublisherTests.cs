using System.Net;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Publishing;

public sealed class EnginePublisherTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishAsync_several_subscribers_each_get_everything()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await using var early = new Stand(engine);
        await engine.WaitForSubscriberAsync(Token);
        await engine.PublishAsync(Frames.Many(0, 500), Token);
        await using var late = new Stand(engine);
        await engine.PublishAsync(Frames.Many(500, 500), Token);

        foreach (var host in new[] { early, late })
        {
            await host.Sink.WaitForAsync(1000);
            Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), host.Sink.Numbers);
        }

        Assert.Equal(2, engine.SubscriberCount);
        Assert.Equal((1UL, 1001UL), (engine.FirstRetainedSequence, engine.NextSequence));
    }

    [Fact]
    public async Task PublishAsync_stamps_sequence_checksum_and_time_only_where_there_is_none()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 7, 27, 0, 0, 0, TimeSpan.Zero));
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions(), time);
        var own = Frames.Numbered(2);
        FrameWriter.Stamp(own, 99, 12345);
        await engine.PublishAsync(Frames.Concat(Frames.Numbered(1), own), Token);

        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        var first = MemoryMarshal.Read<FrameHeader>(await host.ReadAsync());
        var second = MemoryMarshal.Read<FrameHeader>(await host.ReadAsync());

        Assert.Equal((1UL, 1_785_110_400_000_000_000UL), (first.Sequence, first.EngineTimeNanoseconds));
        Assert.Equal((2UL, 12345UL), (second.Sequence, second.EngineTimeNanoseconds));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    [InlineData(37, 37)]
    [InlineData(100, 100)]
    public async Task Subscribe_replays_from_the_sequence_wanted(ulong from, ulong expected)
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10 });
        await engine.PublishAsync(Frames.Many(1, 100, padding: 50), Token);
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, from);
        Assert.Equal((1UL, 101UL), (host.Hello.FirstRetainedSequence, host.Hello.NextSequence));
        for (var sequence = expected; sequence <= 100; sequence++)
        {
            Assert.Equal((TemplateIds.Metric, sequence), await host.ReadHeaderAsync());
        }
    }

    [Fact]
    public async Task PublishAsync_nobody_connected_keeps_the_newest_within_the_retention()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10 });
        for (var i = 0; i < 200; i++)
        {
            await engine.PublishAsync(Frames.Many(i * 10, 10, padding: 100), Token);
        }

        var retained = (engine.NextSequence - engine.FirstRetainedSequence) * (ulong)Frames.Numbered(0, padding: 100).Length;
        Assert.InRange(retained, 32UL << 10, 64UL << 10);

        await using var host = new Stand(engine);
        await host.Sink.WaitForAsync((int)(engine.NextSequence - engine.FirstRetainedSequence));
        Assert.Equal((long)engine.FirstRetainedSequence - 1, host.Sink.Numbers[0]);
        Assert.Equal(1999, host.Sink.Numbers[^1]);
    }

    [Fact]
    public async Task PublishAsync_evict_oldest_never_waits_and_a_slow_subscriber_sees_a_gap()
    {
        var open = new TaskCompletionSource();
        var sink = new CollectingSink { OnWrite = async _ => await open.Task };
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 256 << 10, WhenFull = WhenFull.DropAndTell });
        await using var host = new Stand(engine, options => options.PipeHighWaterBytes = 4 << 10, sink: sink);
        await engine.WaitForSubscriberAsync(Token);
        const int Count = 30_000;
        for (var i = 0; i < Count; i++)
        {
            await engine.PublishAsync(Frames.Numbered(i, padding: 1000), Token);
        }

        open.SetResult();
        await Eventually.BecomesAsync(() => host.Snapshot.LastSequence == Count);

        Assert.NotEmpty(host.Gaps.GetGaps());
        var missing = host.Gaps.GetGaps().Sum(gap => (long)(gap.LastSequence - gap.FirstSequence + 1));
        Assert.Equal(Count, host.Sink.Numbers.Count + missing);
        Assert.Equal(host.Sink.Numbers.Distinct().Order(), host.Sink.Numbers);
    }

    [Fact]
    public async Task PublishAsync_subscriber_that_acknowledges_holds_what_is_not_durable()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10 });
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await engine.WaitForSubscriberAsync(Token);
        await engine.PublishAsync(Frames.Many(1, 10, padding: 1000), Token);
        for (var i = 0; i < 10; i++)
        {
            await host.ReadAsync();
        }

        await host.SendAsync(SessionFrames.Ack(engine.SessionId, 5));
        await host.SendAsync(SessionFrames.Ack(engine.SessionId, ulong.MaxValue - 1));
        await host.SendAsync(SessionFrames.Ack(1, 9));
        await Eventually.BecomesAsync(() => engine.AcknowledgedSequence != 0);
        Assert.Equal(5UL, engine.AcknowledgedSequence);
        var reading = Task.Run(async () =>
        {
            for (var i = 0; i < 190; i++)
            {
                await host.ReadAsync();
            }
        }, Token);
        var publishing = Task.Run(() => engine.PublishAsync(Frames.Many(11, 190, padding: 1000), Token).AsTask(), Token);

        // Everything that fits is sent and read, and still record 6 must not go.
        await Eventually.BecomesAsync(() => engine.NextSequence > 50);
        await Task.Delay(200, Token);
        Assert.False(publishing.IsCompleted);
        Assert.True(engine.FirstRetainedSequence <= 6);

        for (var durable = 10UL; !publishing.IsCompleted; durable = engine.NextSequence - 1)
        {
            await host.SendAsync(SessionFrames.Ack(engine.SessionId, durable));
            await Task.Delay(5, Token);
        }

        await publishing;
        await reading;
    }

    [Fact]
    public async Task Heartbeat_idle_stream_carries_the_last_sequence()
    {
        var time = new FakeTimeProvider();
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { HeartbeatInterval = TimeSpan.FromSeconds(2) }, time);
        await engine.PublishAsync(Frames.Many(1, 3), Token);
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 3);
        Assert.Equal(2000u, host.Hello.HeartbeatMilliseconds);
        Assert.Equal((TemplateIds.Metric, 3UL), await host.ReadHeaderAsync());
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(20, Token);
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal((TemplateIds.Heartbeat, 3UL), await host.ReadHeaderAsync());
        }
    }

    [Fact]
    public async Task CompleteAsync_late_host_still_gets_its_tail_and_the_goodbye()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 3), Token);
        Assert.False(await engine.CompleteAsync(GoodbyeCode.ShuttingDown, "maintenance", TimeSpan.Zero, Token));

        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 2);
        Assert.Equal((TemplateIds.Metric, 2UL), await host.ReadHeaderAsync());
        Assert.Equal((TemplateIds.Metric, 3UL), await host.ReadHeaderAsync());
        Assert.True(SessionFrames.TryRead<GoodbyeMessage>(await host.ReadAsync() ?? [], out var goodbye, out var reason));
        Assert.Equal((GoodbyeCode.ShuttingDown, "maintenance"), (goodbye.Code, reason));
        Assert.Null(await host.ReadAsync());
    }

    [Fact]
    public async Task CompleteAsync_peer_that_never_closes_is_left_after_the_time_limit()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(100) });
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await engine.WaitForSubscriberAsync(Token);
        await engine.CompleteAsync(GoodbyeCode.EndOfStream, "", TimeSpan.FromMinutes(1), Token);
        Assert.Equal(0, engine.SubscriberCount);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("silence")]
    [InlineData("wrong session")]
    [InlineData("twice")]
    [InlineData("goodbye")]
    public async Task Serve_bad_peer_is_disconnected_and_others_are_not(string kind)
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(200) });
        await using var good = new Stand(engine);
        await engine.WaitForSubscriberAsync(Token);
        using var bad = await RawHost.ConnectAsync(engine.LocalEndPoint);
        await bad.ReadHelloAsync();
        var subscribe = SessionFrames.Subscribe(engine.SessionId, 1);
        await bad.SendAsync(kind switch
        {
            "garbage" => "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
            "wrong session" => SessionFrames.Subscribe(1, 1),
            "twice" => Frames.Concat(subscribe, subscribe),
            "goodbye" => SessionFrames.Goodbye(GoodbyeCode.Refused, "not mine", 0, 0),
            _ => [],
        });

        while (await bad.ReadAsync() is not null)
        {
        }

        await engine.PublishAsync(Frames.Many(0, 10), Token);
        await good.Sink.WaitForAsync(10);
    }

    [Fact]
    public async Task Serve_one_subscriber_too_many_is_told_goodbye()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { MaxSubscribers = 1 });
        using var first = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await engine.WaitForSubscriberAsync(Token);
        using var second = await RawHost.ConnectAsync(engine.LocalEndPoint);
        Assert.True(SessionFrames.TryRead<GoodbyeMessage>(await second.ReadAsync() ?? [], out var goodbye, out var reason));
        Assert.Equal((GoodbyeCode.Busy, "the engine already serves 1 subscribers, its limit."), (goodbye.Code, reason));
    }

    [Fact]
    public async Task PublishAsync_what_is_not_whole_records_is_refused_before_anything_is_published()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10 });
        var good = Frames.Numbered(1);
        await RefusedAsync(Frames.Concat(good, good[..^8]), $"byte {good.Length}");
        await RefusedAsync(Frames.Concat(good, new byte[40]), $"byte {good.Length}");
        await RefusedAsync(Frames.Concat(good, [1, 2, 3]), $"byte {good.Length}");
        await RefusedAsync(EngineBytes.Heartbeat(1), "not a record");
        await RefusedAsync(Frames.Numbered(1, padding: 9000), "RetentionBytes");
        Assert.Equal(1UL, engine.NextSequence);

        async Task RefusedAsync(byte[] frames, string because)
        {
            var exception = await Assert.ThrowsAsync<ArgumentException>(async () => await engine.PublishAsync(frames, Token));
            Assert.Contains(because, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task DisposeAsync_wakes_who_waits_and_closes_connections()
    {
        var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10 });
        var waiting = engine.WaitForSubscriberAsync(Token);
        await engine.DisposeAsync();
        await engine.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await engine.PublishAsync(Frames.Numbered(1), Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.CompleteAsync(GoodbyeCode.EndOfStream, "", TimeSpan.FromMinutes(1), Token));

        var full = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10 });
        using var host = await RawHost.SubscribeAsync(full.LocalEndPoint, 1);
        await full.WaitForSubscriberAsync(Token);
        var publishing = Task.Run(async () =>
        {
            while (true)
            {
                await full.PublishAsync(Frames.Many(0, 100, padding: 1000), Token);
            }
        }, Token);
        await Eventually.BecomesAsync(() => full.NextSequence > 60);
        await full.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => publishing);
    }

    [Fact]
    public async Task Start_taken_port_says_which_and_what_to_do()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        var exception = Assert.Throws<IOException>(() => EnginePublisher.Start(new EnginePublisherOptions { Endpoints = { $"tcp://{engine.LocalEndPoint}" } }));
        Assert.Contains($"tcp://{engine.LocalEndPoint}", exception.Message, StringComparison.Ordinal);
        Assert.Contains("The port is taken", exception.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => EnginePublisher.Start(new EnginePublisherOptions { Endpoints = { "tcp://203.0.113.1:0" } }));
    }

    [Fact]
    public void Start_bad_options_are_all_named()
    {
        var exception = Assert.Throws<ArgumentException>(() => EnginePublisher.Start(new EnginePublisherOptions
        {
            Endpoints = { "http://somewhere", "tcp://name.of.no.address:0" },
            EngineName = "",
            RetentionBytes = 1,
            HeartbeatInterval = TimeSpan.Zero,
            HandshakeTimeout = TimeSpan.Zero,
            MaxSubscribers = 0,
            SubscriberTimeout = TimeSpan.Zero,
            DialMaxDelay = TimeSpan.Zero,
        }));
        foreach (var name in new[] { "Endpoints:0", "Endpoints:1", "EngineName", "RetentionBytes", "HeartbeatInterval", "HandshakeTimeout", "MaxSubscribers", "SubscriberTimeout", "DialMaxDelay" })
        {
            Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        }
    }
}
