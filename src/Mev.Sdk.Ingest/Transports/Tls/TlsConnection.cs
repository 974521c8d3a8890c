using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Mev.Sdk.Ingest.Transports.Tls;

/// <summary>TLS over a connected socket; of use once <see cref="OpenAsync"/> completed.</summary>
internal sealed class TlsConnection : IStreamConnection
{
    private readonly Socket _socket;
    private readonly SslStream _stream;
    private readonly Func<SslStream, CancellationToken, Task> _authenticate;

    /// <param name="socket">Owned from here on.</param>
    /// <param name="peer">Who is at the other end.</param>
    /// <param name="authenticate">The handshake of our side.</param>
    public TlsConnection(Socket socket, string peer, Func<SslStream, CancellationToken, Task> authenticate)
    {
        _socket = socket;
        _authenticate = authenticate;
        _stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        Peer = peer;
    }

    public string Peer { get; }

    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _authenticate(_stream, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException exception)
        {
            var inner = exception.InnerException is null ? "" : $" {ConnectionErrors.Sentence(exception.InnerException)}";
            throw new IOException($"the TLS handshake failed: {ConnectionErrors.Sentence(exception)}{inner}", exception);
        }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _stream.ReadAsync(buffer, cancellationToken);

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _stream.WriteAsync(bytes, cancellationToken);

    public async ValueTask ShutdownSendAsync(CancellationToken cancellationToken)
    {
        await _stream.ShutdownAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        _socket.Shutdown(SocketShutdown.Send);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
