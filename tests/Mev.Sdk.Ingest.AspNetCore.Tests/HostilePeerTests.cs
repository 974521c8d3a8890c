using System.Net.Sockets;
using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.AspNetCore.Tests.Support;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;

namespace Mev.Sdk.Ingest.AspNetCore.Tests;

/// <summary>What somebody without a key can do: nothing that keeps others out.</summary>
public sealed class HostilePeerTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\n")]
    public async Task Blank_key_is_an_error_and_never_means_no_key(string key)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(
            () => EngineHost.StartAsync(o => o.Accept.Engines.Add(new AcceptedEngineOptions { Name = "engine", Key = key }), policy: null));
        Assert.Contains("Mev:Ingest:Accept:Engines:0:Key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idle_connections_give_way_to_a_host()
    {
        var options = new EnginePublisherOptions { EngineName = "engine", HandshakeTimeout = TimeSpan.FromMinutes(5) };
        options.Keys.Add(Key);
        await using var engine = EnginePublisher.Start(options);
        List<TcpClient> idle = [];
        for (var i = 0; i < options.MaxSubscribers; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(engine.LocalEndPoint, Token);
            Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[1024], Token));
            idle.Add(client);
        }

        await using var stand = new SourceStand($"tcp://{engine.LocalEndPoint}", o => o.KeyBytes = Key);
        await Eventually.BecomesAsync(() => stand.Snapshot.State == SourceState.Connected);
        idle.ForEach(static client => client.Dispose());
    }

    [Fact]
    public async Task Idle_connections_give_way_to_an_engine()
    {
        await using var host = await EngineHost.StartAsync(
            o =>
            {
                o.Accept.HandshakeTimeout = TimeSpan.FromMinutes(5);
                o.Accept.MaxConnections = 4;
                o.Accept.Engines.Add(new AcceptedEngineOptions { Name = "engine", KeyBytes = Key });
            },
            policy: null);
        List<System.Net.WebSockets.ClientWebSocket> idle = [];
        for (var i = 0; i < 4; i++)
        {
            var socket = new System.Net.WebSockets.ClientWebSocket();
            socket.Options.AddSubProtocol(EngineAcceptor.SubProtocol);
            await socket.ConnectAsync(new Uri(host.Endpoint), Token);
            idle.Add(socket);
        }

        await Eventually.BecomesAsync(() => host.Acceptor.ConnectionCount == 4);
        var options = new EnginePublisherOptions { EngineName = "engine", Endpoints = { host.Endpoint } };
        options.Keys.Add(Key);
        await using var engine = EnginePublisher.Start(options);
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        await host.Sink.WaitForAsync(10);
        idle.ForEach(static socket => socket.Dispose());
    }
}
