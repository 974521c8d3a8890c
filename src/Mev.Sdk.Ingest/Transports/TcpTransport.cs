using System.Net;
using System.Net.Sockets;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>Connects over TCP.</summary>
internal sealed class TcpTransport(EndPoint endpoint) : ITransport
{
    // The host sends acknowledgements and heartbeats only; an engine that does not take those is gone.
    private static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(30);

    public async ValueTask<IStreamConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = await ConnectSocketAsync(endpoint, cancellationToken).ConfigureAwait(false);
        return new SocketConnection(socket, socket.RemoteEndPoint?.ToString() ?? "unknown");
    }

    public static async ValueTask<Socket> ConnectSocketAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        // Without a family the socket takes both, and falls back to IPv4 where there is no other.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            SocketSettings.Apply(socket, DeadAfter);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
