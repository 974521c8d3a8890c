namespace Mev.Sdk.DashboardHost.Live;

/// <summary>Counts by whole seconds over the last minutes: fixed memory, nothing recomputed.</summary>
/// <remarks>Not thread-safe: <see cref="LiveView"/> guards it.</remarks>
internal sealed class ThroughputWindow(int seconds)
{
    private readonly Bucket[] _buckets = new Bucket[seconds];
    private long _first;

    public void Add(long second, int transactions, int swaps, int opportunities)
    {
        if (_first == 0)
        {
            _first = second;
        }

        ref var bucket = ref _buckets[second % _buckets.Length];
        if (bucket.Second != second)
        {
            bucket = new Bucket { Second = second };
        }

        bucket.Transactions += transactions;
        bucket.Swaps += swaps;
        bucket.Opportunities += opportunities;
    }

    /// <summary>Transactions a second over the last <paramref name="span"/> whole seconds, or over those that passed since the first record.</summary>
    /// <param name="now">The current second, which is not whole yet.</param>
    /// <param name="span">Seconds to look back at most.</param>
    public double RateAt(long now, int span)
    {
        if (_first == 0)
        {
            return 0;
        }

        var passed = (int)Math.Min(span, now - _first);
        if (passed <= 0)
        {
            return Get(now).Transactions;
        }

        long sum = 0;
        for (var second = now - passed; second < now; second++)
        {
            sum += Get(second).Transactions;
        }

        return (double)sum / passed;
    }

    /// <summary>The whole seconds behind <paramref name="after"/>, at most as many as the window holds.</summary>
    public ChartPoint[] PointsAfter(long after, long now)
    {
        // Before the first record there is nothing to draw, not a row of zeros.
        var from = Math.Max(Math.Max(after + 1, now - _buckets.Length + 1), _first);
        if (_first == 0 || now <= from)
        {
            return [];
        }

        var points = new ChartPoint[now - from];
        for (var i = 0; i < points.Length; i++)
        {
            var bucket = Get(from + i);
            points[i] = new ChartPoint(from + i, bucket.Transactions, bucket.Swaps, bucket.Opportunities);
        }

        return points;
    }

    private Bucket Get(long second)
    {
        var bucket = _buckets[second % _buckets.Length];
        return bucket.Second == second ? bucket : default;
    }

    private struct Bucket
    {
        public long Second;
        public int Transactions;
        public int Swaps;
        public int Opportunities;
    }
}
