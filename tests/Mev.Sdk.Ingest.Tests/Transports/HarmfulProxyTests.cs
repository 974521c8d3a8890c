using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Transports;

public sealed class HarmfulProxyTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 100 : 4)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task RunAsync_bytes_cut_delayed_repeated_and_damaged_every_record_comes_once_or_is_in_the_ledger(int seed)
    {
        const int Cuts = 20;

        // Odd seeds keep so little that a host that was away too long finds its records gone.
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions
        {
            RetentionBytes = seed % 2 == 0 ? 64 << 20 : 128 << 10,
            WhenFull = WhenFull.DropAndTell,
            HeartbeatInterval = TimeSpan.FromMilliseconds(100),
            HandshakeTimeout = TimeSpan.FromSeconds(1),
        });
        await using var proxy = new CuttingProxy(engine.LocalEndPoint, seed, Cuts, maxBytes: 80_000, Harms.All);
        await using var host = new Stand(proxy.Endpoint, options =>
        {
            options.ConnectTimeout = TimeSpan.FromSeconds(1);
            options.MaxFrameBytes = 16 << 10;
            options.ReconnectAfterEnd = false;
        });

        // The market goes on until the last harm is done: a damaged length is found out when as many bytes have come.
        var random = new Random(seed);
        var published = 0L;
        while (proxy.CutsMade < Cuts || published < 2000)
        {
            await engine.PublishAsync(Frames.Many(published + 1, 20, padding: random.Next(0, 400)), Token);
            published += 20;
            await Task.Delay(1, Token);
        }

        await engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", TimeSpan.FromMinutes(1), Token);
        await host.Running.WaitAsync(TimeSpan.FromSeconds(60), Token);

        Accounting.EveryRecordIsAccountedFor(published, host.Sink.Numbers, host.Gaps.GetGaps());
        Assert.True(proxy.HarmsDone >= Cuts / 2, $"only {proxy.HarmsDone} harms were done: the test proves nothing"); // how many pieces there are is up to the sockets
        Assert.False(host.Sink.Overlapped);
    }
}
