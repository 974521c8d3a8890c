namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>Lets no more bytes pass than a rate allows, on average since it was made. Not thread-safe.</summary>
internal sealed class Throttle(long bytesPerSecond, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _passed;

    public async ValueTask PassAsync(long bytes, CancellationToken cancellationToken)
    {
        _passed += bytes;
        var due = TimeSpan.FromSeconds((double)_passed / bytesPerSecond) - time.GetElapsedTime(_started);
        if (due > TimeSpan.FromMilliseconds(20))
        {
            await Task.Delay(due, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
