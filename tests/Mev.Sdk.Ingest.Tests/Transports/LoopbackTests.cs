using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Transports;

public sealed class LoopbackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_published_records_arrive_once_in_order_with_consecutive_lsns()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { EngineName = "loopback", Flags = StreamFlags.Simulated });
        await using var host = new Stand(engine);
        await engine.WaitForSubscriberAsync(Token);

        for (var i = 0; i < 100; i++)
        {
            await engine.PublishAsync(Frames.Many(i * 50, 50), Token);
        }

        await host.Sink.WaitForAsync(5000);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (long)i), host.Sink.Numbers);
        Assert.Equal(Enumerable.Range(1, 5000).Select(i => Lsn.Create(0, (ulong)i)), host.Sink.All.Select(seen => seen.Lsn));
        Assert.Equal(Enumerable.Range(1, 5000).Select(i => (ulong)i), host.Sink.All.Select(seen => seen.Position.Sequence));
        Assert.All(host.Sink.All, seen => Assert.Equal((SourceIds.FromName("engine"), engine.SessionId), (seen.Position.SourceId, seen.Position.SessionId)));

        await Eventually.BecomesAsync(() => host.Snapshot.Frames == 5000);
        var snapshot = host.Snapshot;
        Assert.Equal(SourceState.Connected, snapshot.State);
        Assert.Equal("loopback", snapshot.EngineName);
        Assert.Equal(StreamFlags.Simulated | StreamFlags.Replays, snapshot.Flags);
        Assert.Equal(5000UL, snapshot.LastSequence);
        Assert.Equal(Frames.Many(0, 5000).Length, snapshot.Bytes);
        Assert.NotNull(snapshot.LagMilliseconds);
        Assert.Equal(0, snapshot.Gaps);
    }

    [Fact]
    public async Task CompleteAsync_end_of_stream_flushes_and_the_source_ends()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await using var host = new Stand(engine, options => options.ReconnectAfterEnd = false);
        await engine.WaitForSubscriberAsync(Token);

        await engine.PublishAsync(Frames.Many(0, 10_000, padding: 300), Token);
        await engine.CompleteAsync(GoodbyeCode.EndOfStream, "the file is over", TimeSpan.FromMinutes(1), Token);
        await host.Running.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal(10_000, host.Sink.Numbers.Count);
        Assert.Equal((SourceState.Ended, "the file is over"), (host.Snapshot.State, host.Snapshot.Reason));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await engine.PublishAsync(Frames.Numbered(1), Token));
    }
}
