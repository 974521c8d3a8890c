namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>Spaces requests out: a token bucket of one second's worth that can be stopped for a while, and a bound on what is under way.</summary>
internal sealed class RequestPace(double perSecond, int concurrency, TimeProvider time) : IDisposable
{
    private readonly double _burst = Math.Max(1, perSecond);
    private readonly SemaphoreSlim _slots = new(concurrency);
    private readonly Lock _gate = new();
    private double _tokens = Math.Max(1, perSecond);
    private long _filled = time.GetTimestamp();
    private long _pausedUntil;

    /// <summary>Waits for the request's turn; <see cref="Release"/> ends it.</summary>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (Take() is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    public void Release() => _slots.Release();

    /// <summary>The node asked for a pause: no request starts before it is over.</summary>
    public void Pause(TimeSpan pause)
    {
        lock (_gate)
        {
            var until = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
            _pausedUntil = Math.Max(_pausedUntil, until);
        }
    }

    public void Dispose() => _slots.Dispose();

    private TimeSpan Take()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (now < _pausedUntil)
            {
                return time.GetElapsedTime(now, _pausedUntil) + TimeSpan.FromMilliseconds(1);
            }

            _tokens = Math.Min(_burst, _tokens + (time.GetElapsedTime(_filled, now).TotalSeconds * perSecond));
            _filled = now;
            if (_tokens >= 1)
            {
                _tokens--;
                return TimeSpan.Zero;
            }

            return TimeSpan.FromSeconds((1 - _tokens) / perSecond) + TimeSpan.FromMilliseconds(1);
        }
    }
}
