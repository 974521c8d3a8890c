using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Publishing;

/// <summary>Mutated bytes of a host against a publisher: whatever comes, the connection ends and the others are served.</summary>
public sealed class HostileHostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Rounds => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 20_000 : 400;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Serve_mutated_hosts_harm_nobody_else(bool withKey)
    {
        var options = new EnginePublisherOptions { RetentionBytes = 256 << 10, MaxSubscribers = 64, HandshakeTimeout = TimeSpan.FromSeconds(2) };
        var key = new byte[32];
        if (withKey)
        {
            options.Keys.Add(key);
        }

        await using var engine = EnginePublisher.Start(options);
        await engine.PublishAsync(Frames.Many(1, 500), Token);
        await using var good = new Stand(engine, source => source.KeyBytes = withKey ? key : default);
        await good.Sink.WaitForAsync(500);
        var session = engine.SessionId;
        var subscribe = SessionFrames.Subscribe(session, 490, 1000);
        var mutator = new StreamMutator(
        [
            Frames.Concat(subscribe, SessionFrames.Ack(session, 3), SessionFrames.Heartbeat(0, 5), SessionFrames.ReplayRequest(session, 1, 20), SessionFrames.Ack(session, 500)),
            Frames.Concat(subscribe, SessionFrames.ReplayRequest(session, 5, 9), SessionFrames.ReplayRequest(session, 400, 500), SessionFrames.Goodbye(GoodbyeCode.Refused, "no", 0, 0)),
            Frames.Concat(SessionFrames.Proof(default, default), subscribe, SessionFrames.Heartbeat(0, 5)),
            Frames.Concat(SessionFrames.Ack(session, 500), SessionFrames.Heartbeat(0, ulong.MaxValue), subscribe),
        ]);
        for (var round = 0; round < Rounds; round++)
        {
            using var host = await RawHost.ConnectAsync(engine.LocalEndPoint);
            await host.SendAsync(mutator.Mutate(20_260_727 + (ulong)round).ToArray());
            if (round % 2 == 0)
            {
                await host.ReadAsync();
            }
        }

        await engine.PublishAsync(Frames.Many(501, 100), Token);
        await good.Sink.WaitForAsync(600);
        Assert.Equal(EngineBytes.Range(1, 600).Select(number => (long)number), good.Sink.Numbers);
        await Eventually.BecomesAsync(() => engine.SubscriberCount == 1, () => $"{engine.SubscriberCount} are still served");
    }
}
