using System.Net;
using System.Net.Sockets;
using Mev.Sdk.Wire;

namespace EngineSimulator.Tests;

/// <summary>A host reduced to its socket: says from where it wants the stream and keeps the bytes.</summary>
internal sealed class Subscriber : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly List<byte> _pending = [];
    private long _position;

    private Subscriber(Socket socket) => _socket = socket;

    public HelloMessage Hello { get; private set; }

    public static async Task<Subscriber> ConnectAsync(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endpoint, TestContext.Current.CancellationToken);
        var subscriber = new Subscriber(socket);
        var hello = await subscriber.ReadAsync();
        subscriber.Hello = System.Runtime.InteropServices.MemoryMarshal.Read<HelloMessage>(hello.AsSpan(FrameHeader.Size));
        var message = new SubscribeMessage { SessionId = subscriber.Hello.SessionId, FromSequence = 1 };
        var frame = new byte[FrameSize.Of<SubscribeMessage>().Total];
        FrameWriter.Begin(frame, in message).Complete(0, 0);
        await socket.SendAsync(frame, SocketFlags.None);
        return subscriber;
    }

    /// <summary>The next frame that is not a heartbeat.</summary>
    public async Task<byte[]> ReadAsync()
    {
        while (true)
        {
            while (TryTake() is { } frame)
            {
                if (TemplateOf(frame) != TemplateIds.Heartbeat)
                {
                    return frame;
                }
            }

            var received = await _socket.ReceiveAsync(_buffer, SocketFlags.None, TestContext.Current.CancellationToken);
            Assert.True(received > 0, "the engine closed the connection");
            _pending.AddRange(_buffer.AsSpan(0, received));
        }
    }

    /// <summary>Records until the engine's goodbye, which is the last.</summary>
    public async Task<List<byte[]>> ReadToGoodbyeAsync()
    {
        List<byte[]> frames = [];
        do
        {
            frames.Add(await ReadAsync());
        }
        while (TemplateOf(frames[^1]) != TemplateIds.Goodbye);

        return frames;
    }

    public static ushort TemplateOf(byte[] frame) => System.Runtime.InteropServices.MemoryMarshal.Read<FrameHeader>(frame).TemplateId;

    public void Dispose() => _socket.Dispose();

    private byte[]? TryTake()
    {
        var reader = new FrameReader(WireFormat.DefaultMaxFrameBytes, _position);
        ReadOnlySpan<byte> span = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pending);
        var status = reader.TryRead(ref span, out var frame);
        Assert.NotEqual(FrameStatus.Malformed, status);
        if (status != FrameStatus.Done)
        {
            return null;
        }

        var taken = frame.ToArray();
        _position = reader.Position;
        _pending.RemoveRange(0, taken.Length);
        return taken;
    }
}
