using System.Net;
using System.Net.Sockets;
using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Publishing.Endpoints;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Tests.Publishing;

/// <summary>Whoever can connect to an engine, and is no host of it.</summary>
public sealed class StrangersTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Idle_connections_do_not_lock_the_host_out(bool hasKey)
    {
        var options = new EnginePublisherOptions { MaxSubscribers = 2, HandshakeTimeout = TimeSpan.FromMinutes(5) };
        if (hasKey)
        {
            options.Keys.Add(Key);
        }

        await using var engine = EnginePublisher.Start(options);
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        var idle = new List<TcpClient>();
        try
        {
            for (var i = 0; i < SubscriberLimits.MaxHandshakes + 10; i++)
            {
                idle.Add(new TcpClient());
                await idle[^1].ConnectAsync(engine.LocalEndPoint, Token);
            }

            await using var host = new Stand(engine, source => source.KeyBytes = hasKey ? Key : default);
            await host.Sink.WaitForAsync(10);
            Assert.Equal(1, engine.SubscriberCount);
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Subscribers_that_come_at_once_are_no_more_than_allowed()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { MaxSubscribers = 1 });
        using var first = await RawHost.ConnectAsync(engine.LocalEndPoint);
        using var second = await RawHost.ConnectAsync(engine.LocalEndPoint);
        await first.ReadHelloAsync();
        await second.ReadHelloAsync();
        await first.SendAsync(SessionFrames.Subscribe(engine.SessionId, 1));
        await engine.WaitForSubscriberAsync(Token);
        await second.SendAsync(SessionFrames.Subscribe(engine.SessionId, 1));
        Assert.True(SessionFrames.TryRead<GoodbyeMessage>(await second.ReadAsync() ?? [], out var goodbye, out _));
        Assert.Equal((GoodbyeCode.Busy, 1), (goodbye.Code, engine.SubscriberCount));
    }

    [Fact]
    public async Task Socket_that_cannot_become_a_connection_does_not_end_the_listening()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var options = new EnginePublisherOptions();
        var logger = new ListLogger<EnginePublisher>();
        using var stop = new CancellationTokenSource();
        await using var desk = new SubscriberDesk(
            new PublisherState(1 << 20, new EngineDesk(options, TimeProvider.System, logger)), options, 7, TimeProvider.System, logger, stop.Token);
        var sockets = 0;
        using var endpoint = new SocketEndpoint(
            listener,
            "tcp://test",
            socket => ++sockets == 1 ? throw new IOException("not connected any more.") : new SocketConnection(socket, "a peer"),
            socketPath: null,
            TimeProvider.System,
            logger);
        var running = endpoint.RunAsync(desk, stop.Token);

        using var unlucky = await RawHost.ConnectAsync(endpoint.LocalEndPoint!);
        Assert.Null(await unlucky.ReadAsync());
        using var next = await RawHost.ConnectAsync(endpoint.LocalEndPoint!);
        await next.ReadHelloAsync();
        Assert.Equal(7UL, next.Hello.SessionId);

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Start_open_to_every_machine_and_asking_for_no_key_is_a_warning()
    {
        var logger = new ListLogger<EnginePublisher>();
        await using (EnginePublisher.Start(new EnginePublisherOptions { Endpoints = { "tcp://0.0.0.0:0" }, OnParameterUpdate = _ => ParameterDecision.Applied }, logger: logger))
        {
            Assert.Contains(logger.Entries, entry => entry.Level == LogLevel.Warning && entry.Text.Contains("may change its parameters", StringComparison.Ordinal));
        }

        var quiet = new ListLogger<EnginePublisher>();
        await using (EnginePublisher.Start(new EnginePublisherOptions { Endpoints = { "tcp://0.0.0.0:0" }, Keys = { Key } }, logger: quiet))
        await using (EnginePublisher.Start(new EnginePublisherOptions(), logger: quiet))
        {
            Assert.DoesNotContain(quiet.Entries, entry => entry.Level == LogLevel.Warning);
        }
    }

    [Fact]
    public void Start_certificates_that_no_endpoint_uses_are_refused()
    {
        var server = Assert.Throws<ArgumentException>(() => EnginePublisher.Start(new EnginePublisherOptions { Tls = { RequireClientCertificate = true } }));
        Assert.Contains("no endpoint is tls://", server.Message, StringComparison.Ordinal);
        var dialed = Assert.Throws<ArgumentException>(() => EnginePublisher.Start(new EnginePublisherOptions { DialTls = { CaFile = "roots.pem" } }));
        Assert.Contains("no endpoint is wss://", dialed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\u2028b")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u2066b")]
    [InlineData("a\nb")]
    [InlineData("a\u0085b")]
    public void Words_of_a_peer_can_turn_no_line(string said)
    {
        Assert.True(SessionFrames.TryRead<GoodbyeMessage>(SessionFrames.Goodbye(GoodbyeCode.Busy, said, 0, 0), out _, out var heard));
        Assert.Equal("a\uFFFDb", heard);
        Assert.Equal("a\uFFFDb", ControlFrames.Words(System.Text.Encoding.UTF8.GetBytes(said)));
    }
}
