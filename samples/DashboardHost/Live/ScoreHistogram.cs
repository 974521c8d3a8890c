namespace Mev.Sdk.DashboardHost.Live;

/// <summary>Distribution of the latest scores in equal bins; older ones fall out.</summary>
/// <remarks>Not thread-safe: <see cref="LiveView"/> guards it.</remarks>
internal sealed class ScoreHistogram
{
    /// <summary>Bins between 0 and 1.</summary>
    public const int Bins = 20;

    /// <summary>Scores remembered.</summary>
    public const int Window = 5_000;

    private readonly int[] _counts = new int[Bins];
    private readonly byte[] _latest = new byte[Window];
    private long _added;

    public void Add(float score)
    {
        var bin = (byte)Math.Clamp((int)(score * Bins), 0, Bins - 1);
        var place = (int)(_added % Window);
        if (_added >= Window)
        {
            _counts[_latest[place]]--;
        }

        _latest[place] = bin;
        _counts[bin]++;
        _added++;
    }

    public int[] Read() => [.. _counts];
}
