using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.AspNetCore.Tests.Support;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.AspNetCore.Tests;

/// <summary>Somebody who can connect, and knows no key, beside an engine that does.</summary>
public sealed class IntruderTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Goodbye_in_a_live_engines_name_leaves_its_acknowledgements_and_control_alone()
    {
        var log = new FakeLog();
        await using var host = await EngineHost.StartAsync(Keyed, policy: null, log: log);
        var options = new EnginePublisherOptions { EngineName = "engine", Endpoints = { host.Endpoint }, OnScores = _ => { } };
        options.Keys.Add(Key);
        await using var engine = EnginePublisher.Start(options);
        await engine.PublishAsync(Frames.Many(0, 20), Token);
        await host.Sink.WaitForAsync(20);
        await Eventually.BecomesAsync(() => log.Listeners.Count > 0);

        using (var intruder = await ConnectAsync(host))
        {
            var hello = new HelloMessage { SessionId = 99, HeartbeatMilliseconds = 1000, Flags = StreamFlags.Authenticated, FirstRetainedSequence = 1, NextSequence = 1 };
            await SendAsync(intruder, [.. Frame(in hello, "engine"u8), .. Frame(new GoodbyeMessage { Code = GoodbyeCode.EndOfStream }, "over"u8)]);
            await UntilClosedAsync(intruder);
        }

        log.Commit(new StreamPosition(SourceIds.FromName("engine"), engine.SessionId, 20), host.Sink.All[19].Lsn);
        await Eventually.BecomesAsync(() => engine.AcknowledgedSequence == 20);
        Assert.True(host.Get<IEngineControl>().TrySendScores("engine", new OpportunityScoresMessage(), [new OpportunityScore()], "model"));
        Assert.Equal((SourceState.Connected, 0L), (host.Source("engine").State, host.Source("engine").Reconnects));
    }

    [Fact]
    public async Task Proof_of_an_accepting_host_is_worth_nothing_at_an_engine_that_listens()
    {
        await using var host = await EngineHost.StartAsync(Keyed, policy: null);
        var options = new EnginePublisherOptions { EngineName = "engine", Endpoints = { "tcp://127.0.0.1:0" } };
        options.Keys.Add(Key);
        await using var engine = EnginePublisher.Start(options);

        using var tcp = new TcpClient();
        await tcp.ConnectAsync(engine.LocalEndPoint, Token);
        var stream = tcp.GetStream();
        byte[] introduction = [.. await ReadFrameAsync(stream), .. await ReadFrameAsync(stream)];
        using var intruder = await ConnectAsync(host);
        await SendAsync(intruder, introduction);
        var proof = new byte[4096];
        var length = (await intruder.ReceiveAsync(proof.AsMemory(), Token)).Count;
        Assert.Equal(TemplateIds.Proof, MemoryMarshal.Read<FrameHeader>(proof).TemplateId);
        await stream.WriteAsync(proof.AsMemory(0, length), Token);

        Assert.Equal(GoodbyeCode.Unauthorized, GoodbyeIn(await ReadFrameAsync(stream)));
    }

    [Fact]
    public async Task Idle_connections_do_not_lock_an_engine_out()
    {
        await using var host = await EngineHost.StartAsync(
            options =>
            {
                Keyed(options);
                options.Accept.MaxConnections = 2;
                options.Accept.HandshakeTimeout = TimeSpan.FromMinutes(5);
            },
            policy: null);
        var idle = new List<ClientWebSocket>();
        for (var i = 0; i < 6; i++)
        {
            idle.Add(await ConnectAsync(host));
        }

        var options = new EnginePublisherOptions { EngineName = "engine", Endpoints = { host.Endpoint } };
        options.Keys.Add(Key);
        await using var engine = EnginePublisher.Start(options);
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        await host.Sink.WaitForAsync(10);
        idle.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Policy_that_an_anonymous_group_switched_off_vouches_for_nobody()
    {
        await using var host = await EngineHost.StartAsync(EngineStreamTests.Accepting("engine"), policy: "nobody", inAnonymousGroup: true);
        using var intruder = await ConnectAsync(host);
        var hello = new HelloMessage { SessionId = 99, HeartbeatMilliseconds = 1000, FirstRetainedSequence = 1, NextSequence = 1 };
        await SendAsync(intruder, Frame(in hello, "engine"u8));
        var answer = new byte[4096];
        var length = (await intruder.ReceiveAsync(answer.AsMemory(), Token)).Count;
        Assert.Equal(GoodbyeCode.Unauthorized, GoodbyeIn(answer.AsSpan(0, length)));
    }

    private static void Keyed(IngestOptions options) => options.Accept.Engines.Add(new AcceptedEngineOptions { Name = "engine", KeyBytes = Key });

    private static byte[] Frame<T>(in T message, ReadOnlySpan<byte> text)
        where T : unmanaged, IMessageLayout
    {
        var frame = new byte[FrameSize.Of<T>().WithData(text.Length).Total];
        var writer = FrameWriter.Begin(frame, in message);
        writer.Data(text);
        writer.Complete(0, 1);
        return frame;
    }

    private static GoodbyeCode GoodbyeIn(ReadOnlySpan<byte> frame)
    {
        Assert.Equal(TemplateIds.Goodbye, MemoryMarshal.Read<FrameHeader>(frame).TemplateId);
        return MemoryMarshal.Read<GoodbyeMessage>(frame[FrameHeader.Size..]).Code;
    }

    private static async Task<ClientWebSocket> ConnectAsync(EngineHost host)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(EngineAcceptor.SubProtocol);
        await socket.ConnectAsync(new Uri(host.Endpoint), Token);
        return socket;
    }

    private static async Task SendAsync(ClientWebSocket socket, byte[] bytes) => await socket.SendAsync(bytes, WebSocketMessageType.Binary, true, Token);

    private static async Task UntilClosedAsync(ClientWebSocket socket)
    {
        try
        {
            var buffer = new byte[4096];
            while ((await socket.ReceiveAsync(buffer.AsMemory(), Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // Cut off, which is as good.
        }
    }

    private static async Task<byte[]> ReadFrameAsync(Stream stream)
    {
        var head = new byte[4];
        await stream.ReadExactlyAsync(head, Token);
        var frame = new byte[BitConverter.ToInt32(head)];
        head.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(4), Token);
        return frame;
    }
}
