using System.IO.Pipelines;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;

namespace Mev.Sdk.Ingest.Internal;

/// <summary>A connection whose bytes flow into a pipe until it ends or is stopped. Owns neither the connection nor what reads the pipe.</summary>
internal sealed class ConnectionFeed : IDisposable
{
    private readonly Pipe _pipe;
    private readonly Task<Exception?> _pump;

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
        _pump = ConnectionPump.RunAsync(connection, _pipe.Writer, Watch);
    }

    public IStreamConnection Connection { get; }

    public SilenceWatch Watch { get; }

    public PipeReader Reader => _pipe.Reader;

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
