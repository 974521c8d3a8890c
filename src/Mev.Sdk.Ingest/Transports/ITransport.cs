namespace Mev.Sdk.Ingest.Transports;

/// <summary>Makes connections to one endpoint.</summary>
internal interface ITransport
{
    /// <summary>Connects once. The caller limits the time and owns the connection.</summary>
    /// <exception cref="IOException">There is no connection; the message says why and, where there is one, the remedy.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">There is no connection.</exception>
    ValueTask<IStreamConnection> ConnectAsync(CancellationToken cancellationToken);
}
