using System.Net;
using System.Net.Sockets;

namespace Mev.Sdk.Ingest.Transports.Tcp;

/// <summary>Connects over TCP.</summary>
internal sealed class TcpTransport(EndPoint endpoint) : ITransport
{
    public async ValueTask<IStreamConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        // Without a family the socket takes both, and falls back to IPv4 where there is no other.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            socket.NoDelay = true;
            return new SocketConnection(socket, socket.RemoteEndPoint?.ToString() ?? "unknown");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
