using System.Net.Sockets;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>What we ask of every TCP socket.</summary>
internal static class SocketSettings
{
    // linux/tcp.h; .NET has no name for it.
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    /// <summary>Small frames go at once, and a peer whose machine vanished is noticed even while nothing is sent.</summary>
    /// <param name="socket">A connected TCP socket.</param>
    /// <param name="deadAfter">How long sent bytes may stay without an answer before the connection is given up; where the system can do that.</param>
    public static void Apply(Socket socket, TimeSpan deadAfter)
    {
        try
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
            if (OperatingSystem.IsLinux())
            {
                socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes((uint)Math.Clamp(deadAfter.TotalMilliseconds, 1000, int.MaxValue)));
            }
        }
        catch (SocketException)
        {
            // Helps only: heartbeats and SubscriberTimeout find a dead peer without them, and one that is gone already shows at the first read.
        }
    }
}
