using System.Runtime.InteropServices;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Which sequences of which sessions were taken. Not thread-safe.</summary>
/// <remarks>
/// Of a session the <see cref="MaxPerSession"/> greatest ranges are known; smaller ones are forgotten, never merged over a hole: what was not taken is
/// never said to be there.
/// </remarks>
internal sealed class RangeTable
{
    /// <summary>Ranges known of one session: a stream with ever more holes must not cost ever more memory, nor what is known of other streams.</summary>
    public const int MaxPerSession = 16_384;

    private readonly Dictionary<(uint Source, ulong Session), Session> _sessions = [];

    /// <summary>Adds consecutive records, in any order and as often as it comes.</summary>
    public void Add(in SequenceRange range, Lsn lastLsn)
    {
        ref var session = ref CollectionsMarshal.GetValueRefOrAddDefault(_sessions, (range.SourceId, range.SessionId), out _);
        session ??= new Session();
        session.LastLsn = lastLsn > session.LastLsn ? lastLsn : session.LastLsn;
        Merge(session.Ranges, range.First, range.Last);
    }

    /// <summary>The greatest sequence of a session; 0 when there is none.</summary>
    public ulong GetPosition(uint source, ulong session) => _sessions.TryGetValue((source, session), out var found) ? found.Ranges[^1].Last : 0;

    /// <summary>The last LSN of a session; <see cref="Lsn.None"/> when there is none.</summary>
    public Lsn GetLastLsn(uint source, ulong session) => _sessions.TryGetValue((source, session), out var found) ? found.LastLsn : Lsn.None;

    /// <summary>The greatest sequence of every session, most recent session last.</summary>
    public StreamPosition[] GetPositions() =>
        [.. _sessions.OrderBy(static s => s.Value.LastLsn).Select(static s => new StreamPosition(s.Key.Source, s.Key.Session, s.Value.Ranges[^1].Last))];

    /// <summary>All ranges with the last LSN of their session, most recent session last.</summary>
    public List<(SequenceRange Range, Lsn LastLsn)> GetRanges()
    {
        var ranges = new List<(SequenceRange, Lsn)>();
        foreach (var ((source, id), session) in _sessions.OrderBy(static s => s.Value.LastLsn))
        {
            ranges.AddRange(session.Ranges.Skip(session.Ranges.Count - MaxPerSession).Select(r => (new SequenceRange(source, id, r.First, r.Last), session.LastLsn)));
        }

        return ranges;
    }

    private static void Merge(List<(ulong First, ulong Last)> ranges, ulong first, ulong last)
    {
        // Almost always the records follow the last ones.
        if (ranges.Count > 0 && first > ranges[^1].First && first - 1 <= ranges[^1].Last)
        {
            ranges[^1] = (ranges[^1].First, Math.Max(ranges[^1].Last, last));
            return;
        }

        var low = FindTouching(ranges, first);
        var high = low;
        while (high < ranges.Count && (last == ulong.MaxValue || ranges[high].First <= last + 1))
        {
            (first, last) = (Math.Min(first, ranges[high].First), Math.Max(last, ranges[high].Last));
            high++;
        }

        ranges.RemoveRange(low, high - low);
        ranges.Insert(low, (first, last));

        // Twice as many, so that forgetting costs a copy only now and then.
        if (ranges.Count > 2 * MaxPerSession)
        {
            ranges.RemoveRange(0, ranges.Count - MaxPerSession);
        }
    }

    // The first range that touches records beginning with `first`, or lies behind them.
    private static int FindTouching(List<(ulong First, ulong Last)> ranges, ulong first)
    {
        int low = 0, high = ranges.Count;
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            if (first != 0 && ranges[middle].Last < first - 1)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private sealed class Session
    {
        public List<(ulong First, ulong Last)> Ranges { get; } = [];

        public Lsn LastLsn { get; set; }
    }
}
