using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>A host's side in raw bytes, for what a well-behaved host never does.</summary>
internal sealed class RawHost : IDisposable
{
    private readonly TcpClient _client = new();
    private NetworkStream? _stream;

    public HelloMessage Hello { get; private set; }

    public static async Task<RawHost> ConnectAsync(IPEndPoint endpoint)
    {
        var host = new RawHost();
        await host._client.ConnectAsync(endpoint, TestContext.Current.CancellationToken);
        host._stream = host._client.GetStream();
        return host;
    }

    public static async Task<RawHost> SubscribeAsync(IPEndPoint endpoint, ulong from)
    {
        var host = await ConnectAsync(endpoint);
        await host.ReadHelloAsync();
        await host.SendAsync(SessionFrames.Subscribe(host.Hello.SessionId, from));
        return host;
    }

    public async Task ReadHelloAsync()
    {
        Assert.True(SessionFrames.TryRead<HelloMessage>(await ReadAsync() ?? [], out var hello, out _));
        Hello = hello;
    }

    public ValueTask SendAsync(byte[] bytes) => _stream!.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>The next frame, or null when the engine closed the connection.</summary>
    public async Task<byte[]?> ReadAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var header = new byte[FrameHeader.Size];
        try
        {
            await _stream!.ReadExactlyAsync(header, limit.Token);
            var frame = new byte[MemoryMarshal.Read<FrameHeader>(header).Length];
            header.CopyTo(frame, 0);
            await _stream!.ReadExactlyAsync(frame.AsMemory(FrameHeader.Size), limit.Token);
            Assert.Equal(FrameError.None, FrameReader.Check(frame));
            return frame;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task<(ushort Template, ulong Sequence)> ReadHeaderAsync()
    {
        var frame = await ReadAsync();
        Assert.NotNull(frame);
        var header = MemoryMarshal.Read<FrameHeader>(frame);
        return (header.TemplateId, header.Sequence);
    }

    public void Dispose() => _client.Dispose();
}
