using System.Net;
using System.Net.Sockets;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Transports;

public sealed class BadPeerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_peer_of_another_protocol_is_named_as_such()
    {
        await using var engine = new FakeEngine(async (_, stream) => await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()));
        await using var host = new Stand(engine.Endpoint);

        await Eventually.BecomesAsync(() => host.Snapshot.MalformedFrames > 1);

        await Eventually.BecomesAsync(() => host.Snapshot.Reason.Contains("Is the peer a Mev.Sdk engine stream?", StringComparison.Ordinal));
        Assert.Equal(SourceState.Disconnected, host.Snapshot.State);
        Assert.Equal(0, host.Snapshot.ChecksumFailures);
    }

    [Fact]
    public async Task RunAsync_peer_that_never_answers_is_given_up_after_the_connect_timeout()
    {
        var time = new FakeTimeProvider();
        await using var engine = new FakeEngine((_, _) => Task.CompletedTask);
        await using var host = new Stand(engine.Endpoint, options => options.ConnectTimeout = TimeSpan.FromMinutes(2), time: time);
        await Eventually.BecomesAsync(() => engine.Connections == 1);

        await Eventually.AdvanceUntilAsync(time, TimeSpan.FromSeconds(10), () => host.Snapshot.State == SourceState.Disconnected);

        Assert.Contains("no hello came within 2 min", host.Snapshot.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_peer_that_falls_silent_is_given_up_after_the_tolerated_intervals()
    {
        var time = new FakeTimeProvider();
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            await stream.WriteAsync(EngineBytes.Hello(next: 2, heartbeatMilliseconds: 2000));
            await stream.WriteAsync(EngineBytes.Record(1));
        });
        await using var host = new Stand(engine.Endpoint, time: time);
        await host.Sink.WaitForAsync(1);
        await host.StateAsync(SourceState.Connected);

        await Eventually.AdvanceUntilAsync(time, TimeSpan.FromMilliseconds(500), () => host.Snapshot.State == SourceState.Disconnected);

        Assert.Equal("the engine was silent for 6 s, 3 heartbeat intervals.", host.Snapshot.Reason);
        await Eventually.AdvanceUntilAsync(time, TimeSpan.FromMilliseconds(50), () => engine.SubscribedFrom.Count == 2);
        Assert.Equal([1UL, 2UL], engine.SubscribedFrom);
    }

    [Fact]
    public async Task RunAsync_same_malformed_peer_is_an_error_once_and_again_after_progress()
    {
        var logger = new ListLogger<EngineRecordSource>();
        var bad = EngineBytes.Record(1);
        bad[^1] ^= 1;
        var mended = false;
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            await stream.WriteAsync(EngineBytes.Hello(next: 3));
            var broken = EngineBytes.Record(2);
            broken[^1] ^= 1;
            await stream.WriteAsync(Volatile.Read(ref mended) ? Frames.Concat(EngineBytes.Record(1), broken) : bad);
        });
        await using var host = new Stand(engine.Endpoint, logger: logger);
        await Eventually.BecomesAsync(() => host.Snapshot.MalformedFrames > 4);
        Assert.Equal(1, Count(LogLevel.Error));
        Assert.True(Count(LogLevel.Debug) >= 2);

        Volatile.Write(ref mended, true);
        await host.Sink.WaitForAsync(1);
        var before = host.Snapshot.MalformedFrames;
        await Eventually.BecomesAsync(() => host.Snapshot.MalformedFrames > before + 3);
        Assert.Equal(2, Count(LogLevel.Error));

        int Count(LogLevel level) => logger.Entries.Count(entry => entry.Level == level && entry.Text.Contains("malformed frame", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_same_refusal_is_an_error_once()
    {
        var logger = new ListLogger<EngineRecordSource>();
        await using var engine = new FakeEngine(async (_, stream) => await stream.WriteAsync(EngineBytes.Record(1)));
        await using var host = new Stand(engine.Endpoint, logger: logger);
        await Eventually.BecomesAsync(() => engine.Connections > 4);
        Assert.Single(logger.Entries, entry => entry.Level == LogLevel.Error);
    }

    [Fact]
    public async Task RunAsync_quiet_engine_is_heard_by_its_heartbeats()
    {
        var time = new FakeTimeProvider();
        var next = new SemaphoreSlim(0);
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            await stream.WriteAsync(EngineBytes.Hello(heartbeatMilliseconds: 60_000));
            await next.WaitAsync(TimeSpan.FromSeconds(30), Token);
            await stream.WriteAsync(EngineBytes.Heartbeat(0));
            await next.WaitAsync(TimeSpan.FromSeconds(30), Token);
            await stream.WriteAsync(EngineBytes.Heartbeat(0).AsMemory(0, 8));
        });
        await using var host = new Stand(engine.Endpoint, time: time);
        await host.StateAsync(SourceState.Connected);
        var hello = time.GetUtcNow();
        await Eventually.BecomesAsync(() => host.Snapshot.LastHeardAt == hello);

        time.Advance(TimeSpan.FromSeconds(20));
        var heartbeat = time.GetUtcNow();
        Assert.Equal(hello, host.Snapshot.LastHeardAt);
        next.Release();
        await Eventually.BecomesAsync(() => host.Snapshot.LastHeardAt == heartbeat);

        time.Advance(TimeSpan.FromSeconds(20));
        next.Release();
        await Task.Delay(50, Token);
        Assert.Equal(heartbeat, host.Snapshot.LastHeardAt);
        Assert.Equal(0, host.Snapshot.Frames);
    }

    [Fact]
    public async Task RunAsync_idle_engine_with_heartbeats_stays_connected()
    {
        var time = new FakeTimeProvider();
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { HeartbeatInterval = TimeSpan.FromSeconds(1) }, time);
        await using var host = new Stand($"tcp://{engine.LocalEndPoint}", time: time);
        await engine.WaitForSubscriberAsync(Token);
        await host.StateAsync(SourceState.Connected);

        for (var i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(10, Token);
        }

        Assert.Equal((SourceState.Connected, 0L), (host.Snapshot.State, host.Snapshot.Reconnects));
    }

    [Fact]
    public async Task RunAsync_nobody_listens_says_so_and_connects_once_somebody_does()
    {
        var port = FreePort();
        await using var host = new Stand($"tcp://127.0.0.1:{port}");
        await host.StateAsync(SourceState.Disconnected);
        Assert.StartsWith("cannot connect: ", host.Snapshot.Reason, StringComparison.Ordinal);

        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { Endpoints = { $"tcp://127.0.0.1:{port}" } });
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        await host.Sink.WaitForAsync(10);
        await host.StateAsync(SourceState.Connected);
    }

    [Fact]
    public async Task RunAsync_host_name_is_resolved()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        await using var host = new Stand($"tcp://localhost:{engine.LocalEndPoint.Port}");
        await host.Sink.WaitForAsync(10);
    }

    [Fact]
    public async Task RunAsync_simulated_stream_is_refused_by_a_host_of_real_ones()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { Flags = StreamFlags.Simulated });
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        await using var host = new Stand(engine, options => options.ExpectSimulated = false);

        await host.StateAsync(SourceState.Disconnected);

        Assert.Equal("the stream carries simulated records, this host expects real ones.", host.Snapshot.Reason);
        Assert.Equal(StreamFlags.Simulated | StreamFlags.Replays, host.Snapshot.Flags);
        Assert.Empty(host.Sink.All);
        Assert.Equal(0, engine.SubscriberCount);
    }

    [Fact]
    public async Task RunAsync_record_before_hello_ends_the_session_with_a_reason()
    {
        await using var engine = new FakeEngine(async (_, stream) => await stream.WriteAsync(EngineBytes.Record(1)));
        await using var host = new Stand(engine.Endpoint);
        await host.StateAsync(SourceState.Disconnected);
        Assert.Contains("before its hello", host.Snapshot.Reason, StringComparison.Ordinal);
        await Eventually.BecomesAsync(() => engine.Goodbyes.Count > 0);
    }

    [Fact]
    public async Task RunAsync_ended_stream_stays_ended_until_a_new_session_begins()
    {
        var port = FreePort();
        var options = new EnginePublisherOptions { Endpoints = { $"tcp://127.0.0.1:{port}" } };
        await using var host = new Stand($"tcp://127.0.0.1:{port}");
        await using (var first = EnginePublisher.Start(options))
        {
            await first.WaitForSubscriberAsync(Token);
            await first.PublishAsync(Frames.Many(0, 5), Token);
            await first.CompleteAsync(GoodbyeCode.EndOfStream, "over", TimeSpan.FromMinutes(1), Token);
            await host.StateAsync(SourceState.Ended);
            await Eventually.BecomesAsync(() => host.Snapshot.Reconnects > 2);
            Assert.Equal((SourceState.Ended, "over"), (host.Snapshot.State, host.Snapshot.Reason));
        }

        await using var second = EnginePublisher.Start(options);
        await second.PublishAsync(Frames.Many(5, 5), Token);
        await host.Sink.WaitForAsync(10);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), host.Sink.Numbers);
        await host.StateAsync(SourceState.Connected);
        Assert.Equal(second.SessionId, host.Snapshot.SessionId);
    }

    [Fact]
    public void Constructor_bad_options_are_all_named()
    {
        var options = new EngineSourceOptions
        {
            Name = " ",
            Endpoint = "http://somewhere",
            ConnectTimeout = TimeSpan.Zero,
            HeartbeatTolerance = 1,
            ReconnectInitialDelay = TimeSpan.FromSeconds(2),
            ReconnectMaxDelay = TimeSpan.FromSeconds(1),
            MaxFrameBytes = 8,
            PipeHighWaterBytes = 8,
        };
        var exception = Assert.Throws<ArgumentException>(() => new EngineRecordSource(options));
        foreach (var key in new[] { "Name", "Endpoint", "ConnectTimeout", "HeartbeatTolerance", "ReconnectMaxDelay", "MaxFrameBytes", "PipeHighWaterBytes" })
        {
            Assert.Contains($"Mev:Ingest:Sources:{key}", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:9100", true)]
    [InlineData("tcp://engine.internal:9100", true)]
    [InlineData("tcp://[::1]:9100/", true)]
    [InlineData("", false)]
    [InlineData("127.0.0.1:9100", false)]
    [InlineData("tcp://127.0.0.1", false)]
    [InlineData("tcp://127.0.0.1:0", false)]
    [InlineData("tcp://127.0.0.1:70000", false)]
    [InlineData("tcp://127.0.0.1:9100/path", false)]
    [InlineData("udp://127.0.0.1:9100", false)]
    [InlineData("tcp://127.0.0.1:9100?x=1", false)]
    [InlineData("tls://engine.internal:9100", true)]
    [InlineData("tls://engine.internal", false)]
    [InlineData("unix:///run/engine.sock", true)]
    [InlineData("unix://run/engine.sock", false)]
    [InlineData("unix:///run/engine.sock?x=1", false)]
    [InlineData("unix:///", false)]
    [InlineData("ws://host/engine", true)]
    [InlineData("wss://host:8443/engine?id=1", true)]
    [InlineData("ws:///engine", false)]
    [InlineData("ws://user:secret@host/engine", false)]
    [InlineData("file:///data/day.frames", true)]
    [InlineData("file:///data/day.frames?follow=true", true)]
    [InlineData("file://day.frames", false)]
    public void Validate_endpoint(string text, bool expected)
    {
        var errors = new List<string>();
        var options = new EngineSourceOptions { Endpoint = text };
        EngineEndpoint.Validate(options, "key", errors);
        Assert.Equal(expected, errors.Count == 0);
        if (expected)
        {
            Assert.NotNull(EngineEndpoint.Create(options, TimeProvider.System));
        }
        else
        {
            Assert.StartsWith("key:Endpoint is ", Assert.Single(errors), StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => EngineEndpoint.Create(options, TimeProvider.System));
        }
    }

    [Fact]
    public void Next_delays_double_with_jitter_up_to_the_longest_and_reset()
    {
        var delay = new ReconnectDelay(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), new Random(1));
        foreach (var expected in new[] { 100, 200, 400, 800, 1000, 1000 })
        {
            Assert.InRange(delay.Next().TotalMilliseconds, expected / 2.0, expected);
        }

        Assert.InRange(delay.Longest().TotalMilliseconds, 500, 1000);
        delay.Reset();
        Assert.InRange(delay.Next().TotalMilliseconds, 50, 100);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
