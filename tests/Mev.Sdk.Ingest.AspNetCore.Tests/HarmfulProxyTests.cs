using System.Net;
using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.AspNetCore.Tests.Support;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.AspNetCore.Tests;

public sealed class HarmfulProxyTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 100 : 4)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task RunAsync_web_socket_cut_delayed_repeated_and_damaged_every_record_comes_once_or_is_in_the_ledger(int seed)
    {
        const int Cuts = 12;
        await using var host = await EngineHost.StartAsync(options =>
        {
            options.Accept.HandshakeTimeout = TimeSpan.FromSeconds(1);
            options.Accept.Engines.Add(new AcceptedEngineOptions { Name = "engine", MaxFrameBytes = 16 << 10 });
        });
        await using var proxy = new CuttingProxy(new IPEndPoint(IPAddress.Loopback, new Uri(host.Http).Port), seed, Cuts, maxBytes: 80_000, Harms.All);
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions
        {
            EngineName = "engine",
            Endpoints = { proxy.Endpoint.Replace("tcp://", "ws://", StringComparison.Ordinal) + "/engine" },
            RetentionBytes = seed % 2 == 0 ? 64 << 20 : 128 << 10,
            WhenFull = WhenFull.DropAndTell,
            HeartbeatInterval = TimeSpan.FromMilliseconds(100),
            HandshakeTimeout = TimeSpan.FromSeconds(1),
            DialMaxDelay = TimeSpan.FromMilliseconds(50),
        });
        var random = new Random(seed);
        var published = 0L;
        while (proxy.CutsMade < Cuts || published < 2000)
        {
            await engine.PublishAsync(Frames.Many(published + 1, 20, padding: random.Next(0, 400)), Token);
            published += 20;
            await Task.Delay(1, Token);
        }

        await engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", TimeSpan.FromMinutes(1), Token);
        await Eventually.BecomesAsync(() => host.Source("engine").State == SourceState.Ended, () => host.Source("engine").ToString());

        Accounting.EveryRecordIsAccountedFor(published, host.Sink.Numbers, host.Gaps);
        Assert.True(proxy.HarmsDone >= Cuts / 2, $"only {proxy.HarmsDone} harms were done: the test proves nothing"); // how many pieces there are is up to the sockets
    }
}
