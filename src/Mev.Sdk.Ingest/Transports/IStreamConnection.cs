namespace Mev.Sdk.Ingest.Transports;

/// <summary>An ordered stream of bytes to one peer, whatever carries it. One receiver and one sender at a time; both may be active together.</summary>
/// <remarks>
/// What breaks a connection comes as <see cref="IOException"/>, <see cref="System.Net.Sockets.SocketException"/> or
/// <see cref="ObjectDisposedException"/>, see <see cref="ConnectionErrors"/>. After a cancelled call the connection is of no use any more.
/// </remarks>
internal interface IStreamConnection : IAsyncDisposable
{
    /// <summary>Who is at the other end, in words for a log.</summary>
    string Peer { get; }

    /// <summary>
    /// Whether nobody listens at the other end: the bytes come from a file. Then what is sent goes nowhere, and silence means nothing.
    /// </summary>
    bool IsCapture => false;

    /// <summary>Does what must come before the first byte, such as a TLS handshake; once, before anything else.</summary>
    ValueTask OpenAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Receives at least one byte straight into the caller's memory.</summary>
    /// <returns>How many; 0 when the peer will send no more.</returns>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sends all of the bytes; completes when the memory is free again.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Tells the peer that nothing more will be sent; what it sends can still be received.</summary>
    ValueTask ShutdownSendAsync(CancellationToken cancellationToken);
}
