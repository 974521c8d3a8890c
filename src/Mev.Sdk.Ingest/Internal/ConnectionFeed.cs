using System.IO.Pipelines;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;

namespace Mev.Sdk.Ingest.Internal;

/// <summary>A connection whose bytes flow into a pipe until it ends or is stopped. Owns neither the connection nor what reads the pipe.</summary>
internal sealed class ConnectionFeed : IDisposable
{
    private readonly Pipe _pipe;
    private readonly Task<Exception?> _pump;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="connection">Where the bytes come from.</param>
    /// <param name="highWaterBytes">Unread bytes at which the connection is no longer read.</param>
    /// <param name="tolerance">How long the peer may be silent at first.</param>
    /// <param name="time">Timers.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    public ConnectionFeed(IStreamConnection connection, int highWaterBytes, TimeSpan tolerance, TimeProvider time, CancellationToken cancellationToken)
    {
        Connection = connection;
        Watch = new SilenceWatch(tolerance, time, cancellationToken);
        _pipe = ConnectionPump.CreatePipe(highWaterBytes);
        _pump = ConnectionPump.RunAsync(connection, _pipe.Writer, Watch, _opened.Task);
    }

    public IStreamConnection Connection { get; }

    public SilenceWatch Watch { get; }

    public PipeReader Reader => _pipe.Reader;

    /// <summary>Completes when nothing more comes; never fails.</summary>
    public Task Ended => _pump;

    /// <summary>
    /// The peer is known for who it is: all that it sends is received. Until then the flow stops behind the bytes that a handshake needs, so that a stranger
    /// cannot fill the memory.
    /// </summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Stops the flow; idempotent.</summary>
    /// <returns>What broke the connection, or null.</returns>
    public async Task<Exception?> StopAsync()
    {
        Watch.Cancel();
        await Reader.CompleteAsync().ConfigureAwait(false);
        return await _pump.ConfigureAwait(false);
    }

    public void Dispose() => Watch.Dispose();
}
