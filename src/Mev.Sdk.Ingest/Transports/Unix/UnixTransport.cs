using System.Net.Sockets;

namespace Mev.Sdk.Ingest.Transports.Unix;

/// <summary>Connects to a Unix socket.</summary>
internal sealed class UnixTransport(string path) : ITransport
{
    public async ValueTask<IStreamConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new SocketConnection(socket, $"unix://{path}");
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException(Explain(exception), exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private string Explain(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AccessDenied =>
            $"this user may not open the socket {path}; run the host as a user who may, or have the engine create it with a wider UnixSocketMode.",
        SocketError.ConnectionRefused => $"nobody listens on the socket {path} any more; start the engine.",
        _ when !File.Exists(path) => $"there is no socket {path}; start the engine, or correct the path of Endpoint.",
        _ => $"the socket {path}: {ConnectionErrors.Sentence(exception)}",
    };
}
