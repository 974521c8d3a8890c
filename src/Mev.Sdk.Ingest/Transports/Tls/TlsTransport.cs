using System.Net;

namespace Mev.Sdk.Ingest.Transports.Tls;

/// <summary>Connects over TCP with TLS.</summary>
internal sealed class TlsTransport(EndPoint endpoint, string host, TlsClientOptions options) : ITransport
{
    private readonly TlsClientSettings _settings = new(options, host);

    public async ValueTask<IStreamConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = await TcpTransport.ConnectSocketAsync(endpoint, cancellationToken).ConfigureAwait(false);
        var connection = new TlsConnection(
            socket, socket.RemoteEndPoint?.ToString() ?? "unknown", (stream, token) => stream.AuthenticateAsClientAsync(_settings.Create(), token));
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
