using System.Net.Sockets;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Publishing;

public sealed class SubscriberTimeoutTests
{
    private readonly ListLogger<EnginePublisher> _logger = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishAsync_subscriber_that_reads_nothing_holds_the_engine_for_the_time_allowed_only()
    {
        await using var engine = Start(new EnginePublisherOptions { RetentionBytes = 256 << 10, SubscriberTimeout = TimeSpan.FromSeconds(30) });
        using var stuck = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await engine.WaitForSubscriberAsync(Token);
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                await engine.PublishAsync(Frames.Numbered(i, padding: 1000), Token);
            }
        }, Token);
        await StandsStillAsync(engine);
        Assert.False(publishing.IsCompleted);

        await Eventually.AdvanceUntilAsync(_time, TimeSpan.FromSeconds(2), () => engine.SubscriberCount == 0);

        await publishing.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Contains(_logger.Entries, entry =>
            entry.Level == LogLevel.Warning && entry.Text.EndsWith("was dropped: its connection accepted no byte for 30 s.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PublishAsync_subscriber_that_acknowledges_once_and_never_again_holds_the_engine_for_the_time_allowed_only()
    {
        await using var engine = Start(new EnginePublisherOptions { RetentionBytes = 256 << 10, SubscriberTimeout = TimeSpan.FromHours(1), AckTimeout = TimeSpan.FromSeconds(60) });
        using var idle = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await engine.WaitForSubscriberAsync(Token);
        await engine.PublishAsync(Frames.Numbered(0), Token);
        await idle.SendAsync(Internal.SessionFrames.Ack(engine.SessionId, 1));
        await Eventually.BecomesAsync(() => engine.AcknowledgedSequence == 1);
        byte[]? goodbye = null;
        var reading = Task.Run(async () =>
        {
            while (await idle.ReadAsync() is { } frame)
            {
                goodbye = frame;
            }
        }, Token);
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await engine.PublishAsync(Frames.Numbered(i, padding: 1000), Token);
            }
        }, Token);
        await StandsStillAsync(engine);
        Assert.False(publishing.IsCompleted);

        // What it acknowledges while the engine waits counts as progress.
        _time.Advance(TimeSpan.FromSeconds(40));
        await idle.SendAsync(Internal.SessionFrames.Ack(engine.SessionId, 2));
        await Eventually.BecomesAsync(() => engine.AcknowledgedSequence == 2);
        _time.Advance(TimeSpan.FromSeconds(40));
        await Task.Delay(50, Token);
        Assert.Equal(1, engine.SubscriberCount);

        await Eventually.AdvanceUntilAsync(_time, TimeSpan.FromSeconds(2), () => engine.SubscriberCount == 0);
        await publishing.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await reading;
        Assert.True(Internal.SessionFrames.TryRead<GoodbyeMessage>(goodbye!, out var said, out _));
        Assert.Equal(GoodbyeCode.TooSlow, said.Code);
        Assert.Contains(_logger.Entries, entry => entry.Level == LogLevel.Warning && entry.Text.Contains("acknowledged nothing for 1 min", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PublishAsync_subscriber_whose_journal_never_has_anything_holds_the_engine_for_the_time_allowed_only()
    {
        await using var engine = Start(new EnginePublisherOptions { RetentionBytes = 256 << 10, SubscriberTimeout = TimeSpan.FromHours(1), AckTimeout = TimeSpan.FromSeconds(60) });
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await engine.WaitForSubscriberAsync(Token);

        // Asked for once more, the first record comes twice: the second time says that the word before the request was read.
        await engine.PublishAsync(Frames.Numbered(0, padding: 1000), Token);
        await host.SendAsync(Internal.SessionFrames.Ack(engine.SessionId, 0));
        await host.SendAsync(Internal.SessionFrames.ReplayRequest(engine.SessionId, 1, 1));
        Assert.Equal(1UL, (await host.ReadHeaderAsync()).Sequence);
        Assert.Equal(1UL, (await host.ReadHeaderAsync()).Sequence);
        byte[]? goodbye = null;
        var reading = Task.Run(async () =>
        {
            while (await host.ReadAsync() is { } frame)
            {
                goodbye = frame;
            }
        }, Token);
        var publishing = Task.Run(async () =>
        {
            for (var i = 1; i < 1000; i++)
            {
                await engine.PublishAsync(Frames.Numbered(i, padding: 1000), Token);
            }
        }, Token);

        // It reads everything, and keeps nothing yet: the engine waits, and lets nothing go.
        await StandsStillAsync(engine);
        Assert.False(publishing.IsCompleted);
        Assert.Equal(1UL, engine.FirstRetainedSequence);

        // To say so again is no progress.
        _time.Advance(TimeSpan.FromSeconds(40));
        await host.SendAsync(Internal.SessionFrames.Ack(engine.SessionId, 0));
        await Eventually.AdvanceUntilAsync(_time, TimeSpan.FromSeconds(2), () => engine.SubscriberCount == 0);
        await publishing.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await reading;
        Assert.True(Internal.SessionFrames.TryRead<GoodbyeMessage>(goodbye!, out var said, out _));
        Assert.Equal(GoodbyeCode.TooSlow, said.Code);
    }

    [Fact]
    public async Task PublishAsync_subscriber_that_reads_slowly_is_kept()
    {
        await using var engine = Start(new EnginePublisherOptions { RetentionBytes = 4 << 20, SubscriberTimeout = TimeSpan.FromSeconds(2) });
        using var slow = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await engine.WaitForSubscriberAsync(Token);
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                await engine.PublishAsync(Frames.Numbered(i, padding: 1000), Token);
            }
        }, Token);
        await StandsStillAsync(engine);

        // Each step reads more than a chunk, and the clock goes on by less than is allowed.
        for (var i = 0; i < 20_000; i++)
        {
            Assert.Equal((TemplateIds.Metric, (ulong)i + 1), await slow.ReadHeaderAsync());
            if (i % 2_000 == 0)
            {
                await Task.Delay(20, Token);
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        await publishing;
        Assert.Equal(1, engine.SubscriberCount);
    }

    [Fact]
    public async Task Subscribe_host_that_promised_heartbeats_and_is_silent_is_dropped()
    {
        await using var engine = Start(new EnginePublisherOptions { HeartbeatInterval = TimeSpan.FromSeconds(60) });
        using var silent = await RawHost.ConnectAsync(engine.LocalEndPoint);
        await silent.ReadHelloAsync();
        var subscribe = new SubscribeMessage { SessionId = engine.SessionId, FromSequence = 1, HeartbeatMilliseconds = 1000 };
        var frame = new byte[FrameSize.Of<SubscribeMessage>().Total];
        FrameWriter.Begin(frame, in subscribe).Complete(0, 0);
        await silent.SendAsync(frame);
        await engine.WaitForSubscriberAsync(Token);

        // Heard from within three intervals it stays, then it is silent.
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            await silent.SendAsync(Internal.SessionFrames.Heartbeat(0, 1));

            // Its answer says that it was heard.
            Assert.Equal(TemplateIds.Heartbeat, (await silent.ReadHeaderAsync()).Template);
            Assert.Equal(1, engine.SubscriberCount);
        }

        await Eventually.AdvanceUntilAsync(_time, TimeSpan.FromMilliseconds(500), () => engine.SubscriberCount == 0);
        await Eventually.BecomesAsync(() => _logger.Entries.Any(entry =>
            entry.Text.EndsWith("was dropped: it promised heartbeats and was silent for 3 s.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Serve_a_thousand_connections_of_garbage_leave_it_working()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(500) }, logger: _logger);
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        var handles = Handles();
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = Token }, async (i, _) =>
        {
            try
            {
                var random = new Random(i);
                var bytes = new byte[random.Next(0, 3000)];
                random.NextBytes(bytes);
                using var client = new TcpClient();
                await client.ConnectAsync(engine.LocalEndPoint, Token);
                await client.GetStream().WriteAsync(bytes, Token);
                if (i % 4 == 0)
                {
                    await client.GetStream().CopyToAsync(Stream.Null, Token);
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // The engine closed first.
            }
        });

        await using var host = new Stand(engine);
        await host.Sink.WaitForAsync(10);
        await Eventually.BecomesAsync(() => Handles() < handles + 50, () => $"{Handles()} handles, {handles} before");
        Assert.Equal(1, engine.SubscriberCount);
    }

    private EnginePublisher Start(EnginePublisherOptions options) => EnginePublisher.Start(options, _time, _logger);

    private static async Task StandsStillAsync(EnginePublisher engine)
    {
        ulong before;
        do
        {
            before = engine.NextSequence;
            await Task.Delay(300, Token);
        }
        while (before <= 2 || engine.NextSequence != before);
    }

    private static int Handles() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
}
