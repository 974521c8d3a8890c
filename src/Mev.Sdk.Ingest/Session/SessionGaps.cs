using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Session;

/// <summary>The gaps of one session as the ledger keeps them: sorted, never overlapping; and what is known of its end. Not thread-safe.</summary>
internal sealed partial class SessionGaps(uint sourceId, string sourceName, ulong sessionId)
{
    // A stream without slots never ends a gap's slots; looking at all of its gaps with every batch would be slow.
    private const int MaxAmended = 16;

    private readonly List<CoverageGap> _gaps = [];

    public uint SourceId { get; } = sourceId;

    public string SourceName { get; } = sourceName;

    public ulong SessionId { get; } = sessionId;

    public IReadOnlyList<CoverageGap> Gaps => _gaps;

    /// <summary>Puts a gap in. Parts that nobody knew of become gaps; known ones take its state if they may.</summary>
    /// <param name="gap">The gap.</param>
    /// <param name="mayChange">Which known gaps take its state.</param>
    /// <param name="added">How many parts nobody knew of.</param>
    /// <returns>The parts that are new or changed.</returns>
    public IReadOnlyList<CoverageGap> Put(CoverageGap gap, Func<CoverageGap, bool> mayChange, out int added)
    {
        // The common case, a gap behind all others, without any search.
        if (_gaps.Count == 0 || _gaps[^1].LastSequence < gap.FirstSequence)
        {
            _gaps.Add(gap);
            Count(gap, 1);
            added = 1;
            return [gap];
        }

        var isExact = gap.MissingRecords == Width(gap.FirstSequence, gap.LastSequence);

        var (from, to) = Overlapping(gap.FirstSequence, gap.LastSequence);
        var pieces = new List<CoverageGap>();
        var news = new List<CoverageGap>();
        var fresh = 0;
        var isCovered = false;
        var next = gap.FirstSequence;

        // A gap that stands for several says how many records, not which: first those that are known, and only what is left is new.
        var left = gap.MissingRecords;
        for (var i = from; i < to && !isExact; i++)
        {
            var counts = _gaps[i].State == gap.State || mayChange(_gaps[i]);
            left -= counts ? Math.Min(left, _gaps[i].MissingRecords) : 0;
        }

        for (var i = from; i < to; i++)
        {
            var known = _gaps[i];
            if (next < known.FirstSequence)
            {
                AddNew(next, known.FirstSequence - 1);
            }

            var first = Math.Max(known.FirstSequence, gap.FirstSequence);
            var last = Math.Min(known.LastSequence, gap.LastSequence);
            if (known.State == gap.State || !mayChange(known))
            {
                // The same once more, written when its end was known.
                var isBounded = known.LastSlot == 0 && known.State == gap.State && gap.FirstSequence <= known.FirstSequence && gap.LastSequence >= known.LastSequence;
                pieces.Add(isBounded ? known with { LastSlot = gap.LastSlot } : known);
            }
            else
            {
                Split(known, first, last, isExact ? ulong.MaxValue : gap.MissingRecords, part =>
                {
                    news.Add(part with { State = gap.State, Cause = gap.Cause, Reason = gap.Reason });
                    return news[^1];
                }, pieces);
            }

            (next, isCovered) = (last + 1, last == gap.LastSequence);
        }

        if (!isCovered)
        {
            AddNew(next, gap.LastSequence);
        }

        Replace(from, to, pieces);
        added = fresh;
        return news;

        void AddNew(ulong first, ulong last)
        {
            if (left == 0)
            {
                return;
            }

            var part = gap with { FirstSequence = first, LastSequence = last, MissingRecords = Math.Min(Width(first, last), left) };
            left -= isExact ? 0 : part.MissingRecords;
            pieces.Add(part);
            news.Add(part);
            fresh++;
        }
    }

    /// <summary>Changes the open parts of a range; partly touched gaps are split.</summary>
    /// <returns>The parts as they are now.</returns>
    public IReadOnlyList<CoverageGap> Change(ulong first, ulong last, Func<CoverageGap, CoverageGap> change)
    {
        var (from, to) = Overlapping(first, last);
        if (from == to)
        {
            return [];
        }

        var pieces = new List<CoverageGap>();
        var changed = new List<CoverageGap>();
        for (var i = from; i < to; i++)
        {
            var known = _gaps[i];
            if (known.State != GapState.Open)
            {
                pieces.Add(known);
                continue;
            }

            Split(known, Math.Max(known.FirstSequence, first), Math.Min(known.LastSequence, last), ulong.MaxValue, part =>
            {
                var now = change(part);
                changed.Add(now);
                return now;
            }, pieces);
        }

        Replace(from, to, pieces);
        return changed;
    }

    /// <summary>Changes the last few gaps in place, last first, as long as the change returns another.</summary>
    public void Amend(Func<CoverageGap, CoverageGap?> amend)
    {
        for (var i = _gaps.Count - 1; i >= Math.Max(0, _gaps.Count - MaxAmended) && amend(_gaps[i]) is { } amended; i--)
        {
            _gaps[i] = amended;
        }
    }

    /// <summary>Replaces everything.</summary>
    public void Reset(IEnumerable<CoverageGap> gaps)
    {
        Replace(0, _gaps.Count, [.. gaps]);
    }

    /// <summary>The first sequence from <paramref name="sequence"/> on that was not given up.</summary>
    public ulong BehindFinal(ulong sequence)
    {
        foreach (var gap in _gaps)
        {
            if (gap.State == GapState.Final && gap.FirstSequence <= sequence && gap.LastSequence >= sequence && gap.LastSequence < ulong.MaxValue - 1)
            {
                sequence = gap.LastSequence + 1;
            }
        }

        return sequence;
    }

    /// <summary>Makes room: healed gaps go, neighbours in the same state become one that says how many records it stands for.</summary>
    /// <returns>How many entries were saved.</returns>
    public int Compact()
    {
        var before = Entries;
        _gaps.RemoveAll(static gap => gap.State == GapState.Healed);
        Tail = Tail is { State: GapState.Healed } ? null : Tail;
        var to = 0;
        for (var i = 0; i < _gaps.Count; i++)
        {
            var gap = _gaps[i];
            if (i + 1 < _gaps.Count && i < _gaps.Count / 2 && _gaps[i + 1].State == gap.State)
            {
                gap = Merge(gap, _gaps[++i]);
            }

            _gaps[to++] = gap;
        }

        _gaps.RemoveRange(to, _gaps.Count - to);
        Recount();
        return before - Entries;
    }

    /// <summary>One gap for two of the same session and state.</summary>
    public static CoverageGap Merge(CoverageGap left, CoverageGap right) => left with
    {
        FirstSequence = Math.Min(left.FirstSequence, right.FirstSequence),
        LastSequence = Math.Max(left.LastSequence, right.LastSequence),
        DetectedAt = left.DetectedAt < right.DetectedAt ? left.DetectedAt : right.DetectedAt,
        Cause = left.Cause == right.Cause ? left.Cause : GapCause.Unspecified,
        FirstSlot = Math.Min(left.FirstSlot, right.FirstSlot),
        LastSlot = left.LastSlot == 0 || right.LastSlot == 0 ? 0 : Math.Max(left.LastSlot, right.LastSlot),
        AfterLsn = left.AfterLsn < right.AfterLsn ? left.AfterLsn : right.AfterLsn,
        BeforeLsn = left.BeforeLsn == Lsn.None || right.BeforeLsn == Lsn.None ? Lsn.None : left.BeforeLsn > right.BeforeLsn ? left.BeforeLsn : right.BeforeLsn,
        MissingRecords = ulong.MaxValue - left.MissingRecords < right.MissingRecords ? ulong.MaxValue : left.MissingRecords + right.MissingRecords,
    };

    /// <summary>Records of a range.</summary>
    public static ulong Width(ulong first, ulong last) => last - first == ulong.MaxValue ? ulong.MaxValue : last - first + 1;

    // The records of the middle are known one by one, or no more than so many of them are meant.
    private static void Split(CoverageGap known, ulong first, ulong last, ulong most, Func<CoverageGap, CoverageGap> change, List<CoverageGap> pieces)
    {
        var taken = Math.Min(Math.Min(known.MissingRecords, Width(first, last)), most);
        var left = known.MissingRecords - taken;
        var (before, behind) = (first - known.FirstSequence, known.LastSequence - last);
        var (missingBefore, missingBehind) = Share(left, before, behind);
        if (missingBefore > 0)
        {
            pieces.Add(known with { LastSequence = first - 1, MissingRecords = missingBefore });
        }

        pieces.Add(change(known with { FirstSequence = first, LastSequence = last, MissingRecords = taken }));
        if (missingBehind > 0)
        {
            pieces.Add(known with { FirstSequence = last + 1, MissingRecords = missingBehind });
        }
    }

    // What is left of a gap that stood for several, told to its parts by their widths: an estimate, so that no part may look as if all of it were known to
    // be missing. Its outer ends are missing for certain, or were once: a part never looks as if nothing were.
    private static (ulong Before, ulong Behind) Share(ulong missing, ulong before, ulong behind)
    {
        if (missing == before + behind)
        {
            return (before, behind);
        }

        var share = (ulong)((UInt128)missing * before / UInt128.Max(1, (UInt128)before + behind));
        return (Within(share, before), Within(missing - share, behind));

        static ulong Within(ulong missing, ulong width) => width == 0 ? 0 : Math.Max(1, Math.Min(missing, width - 1));
    }

    private void Replace(int from, int to, List<CoverageGap> pieces)
    {
        for (var i = from; i < to; i++)
        {
            Count(_gaps[i], -1);
        }

        foreach (var piece in pieces)
        {
            Count(piece, 1);
        }

        _gaps.RemoveRange(from, to - from);
        _gaps.InsertRange(from, pieces);
    }

    private (int From, int To) Overlapping(ulong first, ulong last)
    {
        var (low, high) = (0, _gaps.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_gaps[middle].LastSequence < first)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        var to = low;
        while (to < _gaps.Count && _gaps[to].FirstSequence <= last)
        {
            to++;
        }

        return (low, to);
    }
}
