namespace Mev.Sdk.DashboardHost.Ingest;

/// <summary>Quantiles of the last half minute in fixed memory: logarithmic buckets, so an answer is at most 10 % too high.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class QuantileWindow(TimeProvider time)
{
    private const int Seconds = 30;
    private const int Buckets = 256;
    private const double Smallest = 1e-6;
    private const double Growth = 1.1;
    private static readonly double LogGrowth = Math.Log(Growth);

    private readonly Lock _gate = new();
    private readonly int[][] _counts = new int[Seconds][];
    private readonly long[] _seconds = new long[Seconds];

    /// <param name="value">Seconds; below a microsecond counts as that.</param>
    public void Add(double value)
    {
        var bucket = value <= Smallest || double.IsNaN(value) ? 0 : Math.Min(Buckets - 1, 1 + (int)(Math.Log(value / Smallest) / LogGrowth));
        var second = Now();
        lock (_gate)
        {
            var slot = (int)(second % Seconds);
            var counts = _counts[slot] ??= new int[Buckets];
            if (_seconds[slot] != second)
            {
                Array.Clear(counts);
                _seconds[slot] = second;
            }

            counts[bucket]++;
        }
    }

    /// <summary>The value that a share of the window does not exceed, seconds; null without values.</summary>
    public (double P50, double P99)? Read()
    {
        var sums = new long[Buckets];
        var oldest = Now() - Seconds;
        lock (_gate)
        {
            for (var slot = 0; slot < Seconds; slot++)
            {
                if (_counts[slot] is not { } counts || _seconds[slot] <= oldest)
                {
                    continue;
                }

                for (var i = 0; i < Buckets; i++)
                {
                    sums[i] += counts[i];
                }
            }
        }

        var total = sums.Sum();
        return total == 0 ? null : (At(sums, total * 0.5), At(sums, total * 0.99));
    }

    private static double At(long[] sums, double rank)
    {
        var seen = 0L;
        for (var i = 0; i < Buckets; i++)
        {
            seen += sums[i];
            if (seen >= rank)
            {
                return Smallest * Math.Pow(Growth, i);
            }
        }

        return Smallest * Math.Pow(Growth, Buckets);
    }

    private long Now() => time.GetTimestamp() / time.TimestampFrequency;
}
