namespace Mev.Sdk.Ingest.Accepting;

/// <summary>One connection of an engine to this host: until when it may shake hands, and whether a newer one took its place.</summary>
internal sealed class AcceptedConnection : IDisposable
{
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _over;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _isDisposed;

    public AcceptedConnection(TimeSpan handshake, TimeProvider time, CancellationToken cancellationToken)
    {
        _deadline = new CancellationTokenSource(handshake, time);
        _over = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, cancellationToken);
    }

    /// <summary>Cancelled when the connection must end.</summary>
    public CancellationToken Token => _over.Token;

    /// <summary>Whether the engine was taken in.</summary>
    public bool IsAdmitted { get; private set; }

    /// <summary>Whether a newer connection of the same engine took this one's place.</summary>
    public bool IsReplaced { get; private set; }

    /// <summary>Whether the time for the handshake ran out.</summary>
    public bool IsLate => _deadline.IsCancellationRequested;

    /// <summary>Completes when nothing of the connection runs any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The engine is who it says it is: the deadline is lifted.</summary>
    /// <returns>False when it came too late.</returns>
    public bool Admit()
    {
        _deadline.CancelAfter(Timeout.InfiniteTimeSpan);
        return IsAdmitted = !_over.IsCancellationRequested;
    }

    /// <summary>A newer connection takes this one's place.</summary>
    public void Replace()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                IsReplaced = true;
                _over.Cancel();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _over.Dispose();
        _deadline.Dispose();
        _ended.TrySetResult();
    }
}
