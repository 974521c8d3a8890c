namespace Mev.Sdk.DashboardHost.Live;

/// <summary>The latest transactions in LSN order, in fixed memory.</summary>
/// <remarks>Not thread-safe: <see cref="LiveView"/> guards it.</remarks>
internal sealed class FeedRing(int capacity)
{
    private readonly FeedEntry[] _entries = new FeedEntry[capacity];

    /// <summary>Number of the newest entry; 0 when there is none.</summary>
    public long Newest { get; private set; }

    /// <summary>Number of the oldest entry still held.</summary>
    public long Oldest => Math.Max(1, Newest - _entries.Length + 1);

    public void Append(in FeedEntry entry)
    {
        Newest++;
        ref var place = ref At(Newest);
        place = entry;
        place.Number = Newest;
    }

    public ref FeedEntry At(long number) => ref _entries[(int)(number % _entries.Length)];

    /// <summary>Gives a transaction its score; false when it has left the ring or was never in it.</summary>
    public bool TrySetScore(Lsn lsn, float score)
    {
        var (low, high) = (Oldest, Newest);
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            ref var entry = ref At(middle);
            switch (entry.Lsn.CompareTo(lsn))
            {
                case 0:
                    entry.Score = score;
                    return true;
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return false;
    }
}
