namespace Mev.Sdk.DashboardHost.Ingest;

/// <summary>How fast a counter rises, over the last five seconds of looks. Not thread-safe.</summary>
internal sealed class RateMeter
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);
    private readonly Queue<(DateTimeOffset At, long Value)> _looks = new();

    public double Add(DateTimeOffset at, long value)
    {
        _looks.Enqueue((at, value));
        while (_looks.Count > 2 && at - _looks.Peek().At > Span)
        {
            _looks.Dequeue();
        }

        var (first, before) = _looks.Peek();
        return at > first ? Math.Max(0, (value - before) / (at - first).TotalSeconds) : 0;
    }
}
