using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.AspNetCore.Tests.Support;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;
using Microsoft.AspNetCore.Builder;

namespace Mev.Sdk.Ingest.AspNetCore.Tests;

public sealed class EngineStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MapEngineStream_engine_that_dials_delivers_each_record_once_in_order()
    {
        await using var host = await EngineHost.StartAsync(Accepting("engine"));
        await using var engine = Dial(host.Endpoint);
        await engine.WaitForSubscriberAsync(Token);
        for (var i = 0; i < 50; i++)
        {
            await engine.PublishAsync(Frames.Many(i * 100, 100, padding: i * 20), Token);
        }

        await host.Sink.WaitForAsync(5000);

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (long)i), host.Sink.Numbers);
        Assert.Equal((SourceState.Connected, "engine", engine.SessionId), (host.Source("engine").State, host.Source("engine").EngineName, host.Source("engine").SessionId));
        Assert.Equal([host.Endpoint], engine.Endpoints);
        Assert.Throws<InvalidOperationException>(() => engine.LocalEndPoint);
    }

    [Fact]
    public async Task CompleteAsync_end_of_stream_over_web_socket_is_acknowledged_and_ends_the_source()
    {
        var log = new FakeLog();
        await using var host = await EngineHost.StartAsync(Accepting("engine"), log: log);
        await using var engine = Dial(host.Endpoint);
        await engine.WaitForSubscriberAsync(Token);
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        await host.Sink.WaitForAsync(10);
        await Eventually.BecomesAsync(() => log.Listeners.Count > 0);
        log.Commit(new StreamPosition(SourceIds.FromName("engine"), engine.SessionId, 10), host.Sink.All[^1].Lsn);
        await Eventually.BecomesAsync(() => engine.AcknowledgedSequence == 10);

        await engine.CompleteAsync(GoodbyeCode.EndOfStream, "over", TimeSpan.FromMinutes(1), Token);

        await Eventually.BecomesAsync(() => host.Source("engine").State == SourceState.Ended);
        Assert.Equal("over", host.Source("engine").Reason);
    }

    [Fact]
    public async Task RunAsync_engine_restarted_and_host_restarted_nothing_is_lost_or_twice()
    {
        var log = new FakeLog();
        var host = await EngineHost.StartAsync(Accepting("engine"), log: log);
        var port = new Uri(host.Http).Port;
        var first = Dial(host.Endpoint);
        await first.PublishAsync(Frames.Many(0, 10), Token);
        await host.Sink.WaitForAsync(10);
        await first.DisposeAsync();
        await Eventually.BecomesAsync(() => host.Source("engine").State == SourceState.Disconnected, () => $"{host.Source("engine")} {host.Acceptor.ConnectionCount}");

        await using var second = Dial(host.Endpoint);
        await second.PublishAsync(Frames.Many(10, 10), Token);
        await host.Sink.WaitForAsync(20);
        log.Commit(new StreamPosition(SourceIds.FromName("engine"), second.SessionId, 7), host.Sink.All[16].Lsn);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), host.Sink.Numbers);
        await host.DisposeAsync();

        await using var again = await EngineHost.StartAsync(Accepting("engine"), log: log.Reopen(), port: port);
        await again.Sink.WaitForAsync(3);
        Assert.Equal([17L, 18L, 19L], again.Sink.Numbers);
        await second.PublishAsync(Frames.Numbered(20), Token);
        await again.Sink.WaitForAsync(4);
        Assert.Equal(20L, again.Sink.Numbers[^1]);
    }

    [Fact]
    public async Task RunAsync_several_engines_at_once_are_kept_apart_by_their_names()
    {
        await using var host = await EngineHost.StartAsync(options =>
        {
            options.Accept.Engines.Add(new AcceptedEngineOptions { Name = "source-a", EngineName = "a" });
            options.Accept.Engines.Add(new AcceptedEngineOptions { Name = "b" });
        });
        await using var a = Dial(host.Endpoint, "a");
        await using var b = Dial(host.Endpoint, "b");
        await a.PublishAsync(Frames.Many(0, 100), Token);
        await b.PublishAsync(Frames.Many(1000, 100), Token);

        await host.Sink.WaitForAsync(200);

        foreach (var (source, first) in new[] { ("source-a", 0), ("b", 1000) })
        {
            var numbers = host.Sink.All.Where(seen => seen.Position.SourceId == SourceIds.FromName(source)).Select(seen => seen.Number);
            Assert.Equal(Enumerable.Range(first, 100).Select(i => (long)i), numbers);
        }

        Assert.Equal(Enumerable.Range(1, 200).Select(i => Lsn.Create(0, (ulong)i)), host.Sink.All.Select(seen => seen.Lsn));
    }

    [Fact]
    public async Task RunAsync_second_connection_of_one_engine_takes_the_place_of_the_first()
    {
        await using var host = await EngineHost.StartAsync(Accepting("engine"));
        await using var older = Dial(host.Endpoint);
        await older.PublishAsync(Frames.Many(0, 5), Token);
        await host.Sink.WaitForAsync(5);

        await using var newer = Dial(host.Endpoint);
        await newer.PublishAsync(Frames.Many(5, 5), Token);

        // The older one dials again and takes the place back, and so on: each gets its records in.
        await host.Sink.WaitForAsync(10);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), host.Sink.Numbers.Order());
        Assert.True(host.Acceptor.ConnectionCount <= 3);
        Assert.True(host.Source("engine").Reconnects >= 1);
    }

    [Fact]
    public void MapEngineStream_without_the_intake_says_what_to_add()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        var exception = Assert.Throws<InvalidOperationException>(() => app.MapEngineStream());
        Assert.Contains("AddMevSdk().AddIngest()", exception.Message, StringComparison.Ordinal);
    }

    internal static Action<IngestOptions> Accepting(string name) => options => options.Accept.Engines.Add(new AcceptedEngineOptions { Name = name });

    internal static EnginePublisher Dial(string endpoint, string name = "engine") => EnginePublisher.Start(new EnginePublisherOptions
    {
        EngineName = name,
        Endpoints = { endpoint },
        HeartbeatInterval = TimeSpan.FromMilliseconds(200),
        DialMaxDelay = TimeSpan.FromMilliseconds(200),
    });
}
