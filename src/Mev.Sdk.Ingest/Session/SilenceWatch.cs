namespace Mev.Sdk.Ingest.Session;

/// <summary>Notices that a peer we are listening to says nothing.</summary>
/// <remarks>Armed only while a receive is pending: a host that is busy with what it has already received must not blame the peer.</remarks>
internal sealed class SilenceWatch : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private TimeSpan _tolerance;
    private bool _armed;

    public SilenceWatch(TimeSpan tolerance, TimeProvider time, CancellationToken cancellationToken)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _tolerance = tolerance;
        _timer = time.CreateTimer(static state => ((SilenceWatch)state!).OnSilence(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled by silence, or by the owner's token.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether silence was the cause.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>How long the peer may be silent; a change counts from now, also for a receive that is pending.</summary>
    public TimeSpan Tolerance
    {
        get
        {
            lock (_gate)
            {
                return _tolerance;
            }
        }

        set
        {
            lock (_gate)
            {
                _tolerance = value;
                if (_armed)
                {
                    _timer.Change(_tolerance, Timeout.InfiniteTimeSpan);
                }
            }
        }
    }

    /// <summary>A receive begins.</summary>
    public void Arm()
    {
        lock (_gate)
        {
            _armed = true;
            _timer.Change(_tolerance, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Something was received.</summary>
    public void Disarm()
    {
        lock (_gate)
        {
            _armed = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Cancel()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Whoever watches over a connection may come a moment late.
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private void OnSilence()
    {
        IsSilent = true;
        Cancel();
    }
}
