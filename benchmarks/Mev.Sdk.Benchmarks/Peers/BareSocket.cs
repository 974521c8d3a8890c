using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>The least that can receive a stream: subscribes, then reads into one buffer again and again and looks at nothing.</summary>
internal static class BareSocket
{
    private const int BufferBytes = 256 << 10;

    /// <summary>Receives for a while.</summary>
    /// <returns>Bytes a second, after warming up.</returns>
    public static double BytesPerSecond(IPEndPoint endpoint, TimeSpan warmUp, TimeSpan measured)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        socket.Connect(endpoint);
        var buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
        Subscribe(socket, buffer);
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < warmUp)
        {
            Receive(socket, buffer);
        }

        started = Stopwatch.GetTimestamp();
        long bytes = 0;
        TimeSpan elapsed;
        do
        {
            bytes += Receive(socket, buffer);
            elapsed = Stopwatch.GetElapsedTime(started);
        }
        while (elapsed < measured);
        return bytes / elapsed.TotalSeconds;
    }

    private static void Subscribe(Socket socket, byte[] buffer)
    {
        var have = 0;
        while (have < sizeof(uint) || have < MemoryMarshal.Read<uint>(buffer))
        {
            have += Receive(socket, buffer.AsSpan(have));
        }

        var hello = MemoryMarshal.Read<HelloMessage>(buffer.AsSpan(FrameHeader.Size));
        var frame = new byte[FrameSize.Of<SubscribeMessage>().Total];
        FrameWriter.Begin(frame, new SubscribeMessage { SessionId = hello.SessionId, FromSequence = hello.FirstRetainedSequence }).Complete(0, 0);
        socket.Send(frame);
    }

    private static int Receive(Socket socket, Span<byte> buffer) =>
        socket.Receive(buffer) is > 0 and var received ? received : throw new IOException("The load generator closed the connection.");
}
