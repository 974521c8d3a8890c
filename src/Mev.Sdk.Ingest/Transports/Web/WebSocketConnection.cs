using System.Net.WebSockets;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Ingest.Transports.Web;

/// <summary>A WebSocket as a stream of bytes: binary messages, whose borders mean nothing.</summary>
/// <param name="socket">Owned from here on.</param>
/// <param name="peer">Who is at the other end.</param>
/// <param name="owned">What must live as long as the socket; null for nothing.</param>
internal sealed class WebSocketConnection(WebSocket socket, string peer, IDisposable? owned = null) : IStreamConnection
{
    /// <summary>The sub-protocol asked for and answered.</summary>
    public const string SubProtocol = "mev-engine-stream.v1";

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);

    public string Peer => peer;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
                switch (result.MessageType)
                {
                    case WebSocketMessageType.Close:
                        return 0;
                    case WebSocketMessageType.Text:
                        throw new IOException("the peer sent a text message; an engine stream is binary messages only.");
                    case WebSocketMessageType.Binary when result.Count > 0:
                        return result.Count;
                    default:
                        // An empty message, or the empty end of one.
                        break;
                }
            }
        }
        catch (WebSocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Binary, WebSocketMessageFlags.EndOfMessage, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or InvalidOperationException)
        {
            // InvalidOperationException: the other direction closed the socket a moment ago.
            throw new IOException(exception.Message, exception);
        }
    }

    public async ValueTask ShutdownSendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or InvalidOperationException)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // A close frame, so that proxies and servers between see an orderly end.
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                using var limit = new CancellationTokenSource(CloseLimit);
                await ShutdownSendAsync(limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (ConnectionErrors.IsBrokenOrCancelled(exception))
        {
            // Politeness only.
        }
        finally
        {
            socket.Dispose();
            owned?.Dispose();
        }
    }
}
