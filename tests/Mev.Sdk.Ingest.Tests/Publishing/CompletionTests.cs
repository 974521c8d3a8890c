using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Publishing;

/// <summary>What CompleteAsync promises: true only when somebody keeps the whole stream.</summary>
public sealed class CompletionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly ListLogger<EnginePublisher> _logger = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CompleteAsync_empty_stream_is_complete_at_once()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        Assert.True(await engine.CompleteAsync(GoodbyeCode.EndOfStream, "nothing", TimeSpan.Zero, Token));
    }

    [Fact]
    public async Task CompleteAsync_nobody_came_says_no_when_the_time_is_over()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 10), Token);
        Assert.False(await engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", TimeSpan.FromMilliseconds(50), Token));
    }

    [Fact]
    public async Task CompleteAsync_host_that_acknowledged_and_is_away_is_waited_for()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await AcknowledgeAndLeaveAsync(engine, count: 10, durable: 4);
        Assert.Equal(4UL, engine.AcknowledgedSequence);

        var completing = engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", Patience, Token);
        using var back = await RawHost.SubscribeAsync(engine.LocalEndPoint, 5);
        await ReadToEndAsync(back);
        Assert.False(completing.IsCompleted);
        await back.SendAsync(SessionFrames.Ack(engine.SessionId, 10));
        back.Dispose();

        Assert.True(await completing);
        Assert.Equal(10UL, engine.AcknowledgedSequence);
    }

    [Fact]
    public async Task CompleteAsync_tail_that_no_host_acknowledged_is_not_kept()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await AcknowledgeAndLeaveAsync(engine, count: 10, durable: 4);
        var completing = engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", TimeSpan.FromSeconds(2), Token);
        using (var back = await RawHost.SubscribeAsync(engine.LocalEndPoint, 5))
        {
            await ReadToEndAsync(back);
        }

        // It took everything in order, but it is a host with a journal, and says nothing of it.
        Assert.False(await completing);
    }

    [Fact]
    public async Task CompleteAsync_host_without_a_journal_that_took_everything_is_enough()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await using var host = new Stand(engine);
        await engine.PublishAsync(Frames.Many(1, 10), Token);
        await engine.WaitForSubscriberAsync(Token);
        Assert.True(await engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", Patience, Token));
        Assert.Equal((10, 0UL), (host.Sink.Numbers.Count, engine.AcknowledgedSequence));
    }

    [Fact]
    public async Task CompleteAsync_host_whose_journal_never_commits_took_everything_and_keeps_nothing()
    {
        var time = new FakeTimeProvider();
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        var log = new FakeLog();
        await using var host = new Stand($"tcp://{engine.LocalEndPoint}", static options => options.ReconnectAfterEnd = false, log, time);
        await engine.WaitForSubscriberAsync(Token);
        await engine.PublishAsync(Frames.Many(1, 84), Token);
        Assert.False(await engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", TimeSpan.Zero, Token));

        // It has all of it, and leaves in order when its journal has taken too long.
        await host.Sink.WaitForAsync(84);
        await Eventually.AdvanceUntilAsync(time, TimeSpan.FromMilliseconds(100), () => host.Running.IsCompleted);
        await Eventually.BecomesAsync(() => engine.SubscriberCount == 0);

        Assert.False(await engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", TimeSpan.FromMilliseconds(50), Token));
        Assert.Equal(0UL, engine.AcknowledgedSequence);
    }

    [Fact]
    public async Task CompleteAsync_first_acknowledgement_of_nothing_is_one_and_the_end_must_follow_it()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 10), Token);
        var completing = engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", Patience, Token);
        using (var viewer = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1))
        using (var host = await RawHost.ConnectAsync(engine.LocalEndPoint))
        {
            await host.ReadHelloAsync();
            await host.SendAsync([.. SessionFrames.Subscribe(engine.SessionId, 1), .. SessionFrames.Ack(engine.SessionId, 0)]);
            await ReadToEndAsync(host);
            await ReadToEndAsync(viewer);
            Assert.Equal(0UL, engine.AcknowledgedSequence);
            Assert.False(completing.IsCompleted);
        }

        await Eventually.BecomesAsync(() => engine.SubscriberCount == 0);
        Assert.False(await engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", TimeSpan.FromMilliseconds(50), Token));
        using (var back = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1))
        {
            await back.SendAsync(SessionFrames.Ack(engine.SessionId, 10));
            await ReadToEndAsync(back);
        }

        Assert.True(await completing);
        Assert.Equal((10UL, 0UL), (engine.AcknowledgedSequence, engine.LostRecords));
    }

    [Fact]
    public async Task LostRecords_subscriber_that_was_overtaken_lost_nothing_that_another_was_sent()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10, WhenFull = WhenFull.DropAndTell });
        using var slow = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        using var fast = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await Eventually.BecomesAsync(() => engine.SubscriberCount == 2);
        for (var i = 1; i <= 20_000; i += 10)
        {
            await engine.PublishAsync(Frames.Many(i, 10, padding: 1000), Token);
            for (var read = 0; read < 10;)
            {
                read += (await fast.ReadHeaderAsync()).Template == TemplateIds.Metric ? 1 : 0;
            }
        }

        var completing = engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", Patience, Token);
        var missing = 0UL;
        while (await slow.ReadAsync() is { } frame)
        {
            missing += SessionFrames.TryRead<GapNoticeMessage>(frame, out var notice) ? notice.LastSequence - notice.FirstSequence + 1 : 0;
        }

        await ReadToEndAsync(fast);
        slow.Dispose();
        fast.Dispose();
        Assert.True(await completing);
        Assert.NotEqual(0UL, missing);
        Assert.Equal(0UL, engine.LostRecords);
    }

    [Fact]
    public async Task CompleteAsync_records_evicted_before_the_first_host_came_are_lost()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10 }, logger: _logger);
        await engine.PublishAsync(Frames.Many(1, 200, padding: 1000), Token);
        var first = engine.FirstRetainedSequence;
        Assert.True(first > 1);

        for (var i = 0; i < 2; i++)
        {
            using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, first);
            await Eventually.BecomesAsync(() => engine.SubscriberCount == 1);
            await host.SendAsync(SessionFrames.Ack(engine.SessionId, 200));
            await Eventually.BecomesAsync(() => engine.AcknowledgedSequence == 200);
            host.Dispose();
            await Eventually.BecomesAsync(() => engine.SubscriberCount == 0);
        }

        Assert.Equal(first - 1, engine.LostRecords);
        Assert.False(await engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", Patience, Token));
        Assert.Single(_logger.Entries, entry => entry.Level == LogLevel.Warning && entry.Text.StartsWith($"Records 1 to {first - 1} were evicted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CompleteAsync_records_evicted_after_they_were_durable_are_not_lost()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10 });
        await AcknowledgeAndLeaveAsync(engine, count: 20, durable: 20);
        await engine.PublishAsync(Frames.Many(21, 30, padding: 1000), Token);
        var first = engine.FirstRetainedSequence;
        Assert.InRange(first, 2UL, 21UL);

        using var back = await RawHost.SubscribeAsync(engine.LocalEndPoint, 21);
        var completing = engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", Patience, Token);
        await ReadToEndAsync(back);
        await back.SendAsync(SessionFrames.Ack(engine.SessionId, 50));
        back.Dispose();
        Assert.True(await completing);
        Assert.Equal(0UL, engine.LostRecords);
    }

    [Fact]
    public async Task CompleteAsync_subscriber_that_was_overtaken_is_told_of_what_is_not_retained_and_the_answer_is_no()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10, WhenFull = WhenFull.DropAndTell });
        using var slow = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await engine.WaitForSubscriberAsync(Token);
        const int Count = 20_000;
        for (var i = 1; i <= Count; i++)
        {
            await engine.PublishAsync(Frames.Numbered(i, padding: 1000), Token);
        }

        var completing = engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", Patience, Token);
        var (records, missing) = (0UL, 0UL);
        while (await slow.ReadAsync() is { } frame)
        {
            if (SessionFrames.TryRead<GapNoticeMessage>(frame, out var notice))
            {
                Assert.Equal(GapCause.NotRetained, notice.Cause);
                missing += notice.LastSequence - notice.FirstSequence + 1;
            }
            else if (System.Runtime.InteropServices.MemoryMarshal.Read<FrameHeader>(frame).TemplateId == TemplateIds.Metric)
            {
                records++;
            }
        }

        slow.Dispose();
        Assert.False(await completing);
        Assert.NotEqual(0UL, missing);
        Assert.Equal(((ulong)Count, missing), (records + missing, engine.LostRecords));
    }

    [Fact]
    public async Task CompleteAsync_cancelled_wait_leaves_the_stream_completed_and_can_be_taken_up_again()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 3), Token);
        using (var cancelled = new CancellationTokenSource())
        {
            var completing = engine.CompleteAsync(GoodbyeCode.EndOfStream, "the first", Timeout.InfiniteTimeSpan, cancelled.Token);
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => completing);
        }

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await engine.PublishAsync(Frames.Numbered(4), Token));
        var again = engine.CompleteAsync(GoodbyeCode.ShuttingDown, "the second", Patience, Token);
        await using var host = new Stand(engine);
        Assert.True(await again);
        Assert.Equal(3, host.Sink.Numbers.Count);
        await Eventually.BecomesAsync(() => host.Snapshot.Reason.Contains("the first", StringComparison.Ordinal), () => host.Snapshot.Reason);
    }

    [Fact]
    public async Task CompleteAsync_disposed_meanwhile_says_no()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 3), Token);
        var completing = engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", Patience, Token);
        await engine.DisposeAsync();
        Assert.False(await completing);
    }

    [Fact]
    public async Task CompleteAsync_while_a_publisher_waits_for_room_does_not_cut_it_off()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 64 << 10 });
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await engine.PublishAsync(Frames.Numbered(1), Token);
        await host.ReadAsync();
        await host.SendAsync(SessionFrames.Ack(engine.SessionId, 1));
        await Eventually.BecomesAsync(() => engine.AcknowledgedSequence == 1);
        var publishing = Task.Run(() => engine.PublishAsync(Frames.Many(2, 199, padding: 1000), Token).AsTask(), Token);
        await Eventually.BecomesAsync(() => engine.NextSequence > 30);

        Assert.False(await engine.CompleteAsync(GoodbyeCode.EndOfStream, "too early", TimeSpan.FromMilliseconds(50), Token));
        Assert.False(publishing.IsCompleted);

        var completing = engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", Patience, Token);
        for (ulong read = 1; await host.ReadAsync() is { } frame;)
        {
            if (System.Runtime.InteropServices.MemoryMarshal.Read<FrameHeader>(frame).TemplateId == TemplateIds.Metric)
            {
                await host.SendAsync(SessionFrames.Ack(engine.SessionId, ++read));
            }
        }

        host.Dispose();
        await publishing;
        Assert.True(await completing);
        Assert.Equal(201UL, engine.NextSequence);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(1L << 40)]
    public async Task CompleteAsync_impossible_time_is_refused(long milliseconds)
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => engine.CompleteAsync(GoodbyeCode.EndOfStream, "", TimeSpan.FromMilliseconds(milliseconds), Token));
    }

    [Fact]
    public async Task AcknowledgedSequence_subscriber_that_never_acknowledges_does_not_hide_what_is_durable()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(1, 10), Token);
        using var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await host.SendAsync(SessionFrames.Ack(engine.SessionId, 7));
        await Eventually.BecomesAsync(() => engine.AcknowledgedSequence == 7);
        using var viewer = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1);
        await Eventually.BecomesAsync(() => engine.SubscriberCount == 2);
        Assert.Equal(7UL, engine.AcknowledgedSequence);
    }

    private static async Task AcknowledgeAndLeaveAsync(EnginePublisher engine, int count, ulong durable)
    {
        await engine.PublishAsync(Frames.Many(1, count, padding: 1000), Token);
        using (var host = await RawHost.SubscribeAsync(engine.LocalEndPoint, 1))
        {
            for (var i = 0; i < count; i++)
            {
                await host.ReadAsync();
            }

            await host.SendAsync(SessionFrames.Ack(engine.SessionId, durable));
            await Eventually.BecomesAsync(() => engine.AcknowledgedSequence == durable);
        }

        await Eventually.BecomesAsync(() => engine.SubscriberCount == 0);
    }

    private static async Task ReadToEndAsync(RawHost host)
    {
        while (await host.ReadAsync() is not null)
        {
        }
    }
}
