using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.AspNetCore.Tests.Support;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports;

namespace Mev.Sdk.Ingest.AspNetCore.Tests;

public sealed class SeveralEnginesTests : IDisposable
{
    private static readonly string[] Names = ["by-tcp", "by-unix", "by-ws"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mev-engines-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task RunAsync_three_engines_on_three_transports_go_into_one_order_and_each_resumes()
    {
        var log = new FakeLog();
        await using var tcp = EnginePublisher.Start(new EnginePublisherOptions());
        await using var unix = EnginePublisher.Start(new EnginePublisherOptions { Endpoints = { $"unix://{_folder.FullName}/engine.sock" } });
        var host = await StartAsync(log, tcp, unix, port: 0);
        var port = new Uri(host.Http).Port;
        await using var ws = EngineStreamTests.Dial(host.Endpoint, Names[2]);
        EnginePublisher[] engines = [tcp, unix, ws];

        await Task.WhenAll(engines.Select((engine, i) => PublishAsync(engine, i, 1, 2000)));
        await log.WaitForAsync(6000);
        CheckOrder(log, 2000);

        // The host dies: of each engine another number of records was durable.
        ulong[] durable = [1500, 700, 1999];
        for (var i = 0; i < engines.Length; i++)
        {
            log.Commit(new StreamPosition(SourceIds.FromName(Names[i]), engines[i].SessionId, durable[i]), log.All[^1].Lsn);
        }

        await Eventually.BecomesAsync(() => engines.Select(engine => engine.AcknowledgedSequence).SequenceEqual(durable));
        await host.DisposeAsync();
        await Task.WhenAll(engines.Select((engine, i) => PublishAsync(engine, i, 2001, 500)));
        var reopened = log.Reopen();
        await using var again = await StartAsync(reopened, tcp, unix, port);
        await reopened.WaitForAsync(7500 - (int)durable.Aggregate((sum, next) => sum + next));

        for (var i = 0; i < engines.Length; i++)
        {
            var numbers = NumbersOf(reopened, i);
            Assert.Equal(Enumerable.Range((int)durable[i] + 1, 2500 - (int)durable[i]).Select(n => (long)n), numbers);
        }

        Assert.True(reopened.All[0].Lsn.CompareTo(log.All[^1].Lsn) > 0);
        Assert.Empty(again.Gaps);
    }

    private static Task<EngineHost> StartAsync(FakeLog log, EnginePublisher tcp, EnginePublisher unix, int port) => EngineHost.StartAsync(
        options =>
        {
            options.Sources.Add(new EngineSourceOptions { Name = Names[0], Endpoint = $"tcp://{tcp.LocalEndPoint}" });
            options.Sources.Add(new EngineSourceOptions { Name = Names[1], Endpoint = unix.Endpoints[0] });
            options.Accept.Engines.Add(new AcceptedEngineOptions { Name = Names[2] });
        },
        log: log,
        port: port);

    private static async Task PublishAsync(EnginePublisher engine, int index, long first, int count)
    {
        for (var sent = 0; sent < count; sent += 50)
        {
            await engine.PublishAsync(Frames.Many(first + sent, 50, padding: index * 100), Token);
        }
    }

    private static IEnumerable<long> NumbersOf(FakeLog log, int engine) =>
        log.All.Where(seen => seen.Position.SourceId == SourceIds.FromName(Names[engine])).Select(seen => seen.Number);

    private static void CheckOrder(FakeLog log, int each)
    {
        Assert.Equal(Enumerable.Range(0, each * 3).Select(i => log.All[0].Lsn.Add((ulong)i)), log.All.Select(seen => seen.Lsn));
        for (var i = 0; i < Names.Length; i++)
        {
            Assert.Equal(Enumerable.Range(1, each).Select(n => (long)n), NumbersOf(log, i));
        }
    }
}
