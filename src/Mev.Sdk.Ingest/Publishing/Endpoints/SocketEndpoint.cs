using System.Net;
using System.Net.Sockets;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Transports;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Publishing.Endpoints;

/// <summary>Accepts connections on a listening socket.</summary>
/// <param name="listener">Listens already; owned from here on.</param>
/// <param name="uri">Where, in words.</param>
/// <param name="connect">Makes a connection of an accepted socket; the desk opens it.</param>
/// <param name="socketPath">The socket's file, removed at the end; null for none.</param>
/// <param name="time">Timers.</param>
/// <param name="logger">Where failures are reported.</param>
internal sealed class SocketEndpoint(
    Socket listener, string uri, Func<Socket, IStreamConnection> connect, string? socketPath, TimeProvider time, ILogger logger) : IPublisherEndpoint
{
    public string Uri => uri;

    public IPEndPoint? LocalEndPoint { get; } = listener.LocalEndPoint as IPEndPoint;

    public async Task RunAsync(SubscriberDesk desk, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var socket = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
                Serve(desk, socket);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // As when the process is out of handles: the pause keeps a lasting condition from spinning.
                Log.AcceptFailed(logger, exception);
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    // What is wrong with one socket ends that socket: a peer that is gone already must not end the listening.
    private void Serve(SubscriberDesk desk, Socket socket)
    {
        IStreamConnection connection;
        try
        {
            connection = connect(socket);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            socket.Dispose();
            Log.AcceptFailed(logger, exception);
            return;
        }

        _ = desk.Serve(connection);
    }

    public void Dispose()
    {
        listener.Dispose();
        if (socketPath is not null)
        {
            try
            {
                File.Delete(socketPath);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The next engine finds that nobody listens on it.
            }
        }
    }
}
