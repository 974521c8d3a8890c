namespace Mev.Sdk.Ingest.Transports.Captures;

/// <summary>Writes everything that is received to a capture as well. A capture that cannot be written any more ends, the stream goes on.</summary>
internal sealed class CapturingConnection(IStreamConnection inner, CaptureWriter writer, Action<IOException> failed) : IStreamConnection
{
    private bool _isBroken;

    public string Peer => inner.Peer;

    public bool IsCapture => inner.IsCapture;

    public ValueTask OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await inner.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (!_isBroken)
        {
            try
            {
                writer.Write(buffer.Span[..count]);
            }
            catch (IOException exception)
            {
                _isBroken = true;
                failed(exception);
            }
        }

        return count;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => inner.SendAsync(bytes, cancellationToken);

    public ValueTask ShutdownSendAsync(CancellationToken cancellationToken) => inner.ShutdownSendAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        writer.Dispose();
    }
}
