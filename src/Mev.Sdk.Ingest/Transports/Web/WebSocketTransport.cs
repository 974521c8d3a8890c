using System.Net.WebSockets;
using Mev.Sdk.Ingest.Transports.Tls;

namespace Mev.Sdk.Ingest.Transports.Web;

/// <summary>Connects by WebSocket; <c>wss</c> with the endpoint's TLS options. Goes straight to the peer, without the environment's proxies.</summary>
internal sealed class WebSocketTransport(EndpointUri endpoint, string uri, TlsClientOptions tls) : ITransport
{
    private readonly Uri _uri = new(uri);
    private readonly TlsClientSettings? _tls = endpoint.Scheme == "wss" ? new TlsClientSettings(tls, endpoint.Host) : null;

    public async ValueTask<IStreamConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        if (_tls is not null)
        {
            handler.SslOptions = _tls.Create();
        }

        var invoker = new HttpMessageInvoker(handler);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(WebSocketConnection.SubProtocol);

            // A proxy in between forgets idle connections; the answer to the ping is what tells a dead one.
            socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(15);
            socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(30);
            await socket.ConnectAsync(_uri, invoker, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            invoker.Dispose();
            if (exception is WebSocketException)
            {
                throw new IOException(Explain(exception), exception);
            }

            throw;
        }

        var connection = new WebSocketConnection(socket, $"{_uri.Scheme}://{_uri.Authority}{_uri.AbsolutePath}", invoker);
        if (socket.SubProtocol != WebSocketConnection.SubProtocol)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new IOException($"the peer does not answer the sub-protocol {WebSocketConnection.SubProtocol}; is the path that of an engine stream?");
        }

        return connection;
    }

    // "Unable to connect" says nothing; what is below it does.
    private static string Explain(Exception exception)
    {
        var cause = exception;
        while (cause.InnerException is not null)
        {
            cause = cause.InnerException;
        }

        return cause == exception ? ConnectionErrors.Sentence(exception) : $"{ConnectionErrors.Sentence(exception)} {ConnectionErrors.Sentence(cause)}";
    }
}
