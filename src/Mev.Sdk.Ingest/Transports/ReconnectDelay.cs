namespace Mev.Sdk.Ingest.Transports;

/// <summary>Doubling delays with jitter, so that many hosts do not return to a restarted engine in step.</summary>
internal sealed class ReconnectDelay(TimeSpan initial, TimeSpan max, Random random)
{
    private int _failures;

    public TimeSpan Next()
    {
        // 2^30 initial delays are longer than any maximum worth configuring; the cap keeps the product finite.
        var delay = initial * Math.Pow(2, Math.Min(_failures++, 30));
        return Jitter(delay < max ? delay : max);
    }

    public TimeSpan Longest() => Jitter(max);

    public void Reset() => _failures = 0;

    private TimeSpan Jitter(TimeSpan delay) => delay * (0.5 + (random.NextDouble() / 2));
}
