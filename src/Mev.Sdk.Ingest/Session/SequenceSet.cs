namespace Mev.Sdk.Ingest.Session;

/// <summary>Sequences as sorted ranges that neither overlap nor touch. Not thread-safe.</summary>
internal sealed class SequenceSet
{
    private readonly List<(ulong First, ulong Last)> _ranges = [];

    /// <summary>The ranges, ascending.</summary>
    public IReadOnlyList<(ulong First, ulong Last)> Ranges => _ranges;

    public bool IsEmpty => _ranges.Count == 0;

    /// <summary>The greatest sequence; 0 when empty.</summary>
    public ulong Max => _ranges.Count == 0 ? 0 : _ranges[^1].Last;

    public bool Contains(ulong sequence)
    {
        var at = FirstEndingAtOrAfter(sequence);
        return at < _ranges.Count && _ranges[at].First <= sequence;
    }

    /// <summary>Adds a range; what is there already stays once.</summary>
    public void Add(ulong first, ulong last)
    {
        // Ranges that touch become one, so look from the sequence before.
        var from = FirstEndingAtOrAfter(first == 0 ? 0 : first - 1);
        var to = from;
        while (to < _ranges.Count && (last == ulong.MaxValue || _ranges[to].First <= last + 1))
        {
            first = Math.Min(first, _ranges[to].First);
            last = Math.Max(last, _ranges[to].Last);
            to++;
        }

        if (to == from)
        {
            _ranges.Insert(from, (first, last));
            return;
        }

        _ranges[from] = (first, last);
        _ranges.RemoveRange(from + 1, to - from - 1);
    }

    /// <summary>Takes a range out.</summary>
    /// <returns>The parts of it that were there, ascending.</returns>
    public IReadOnlyList<(ulong First, ulong Last)> Remove(ulong first, ulong last)
    {
        var from = FirstEndingAtOrAfter(first);
        if (from == _ranges.Count || _ranges[from].First > last)
        {
            return [];
        }

        var removed = new List<(ulong First, ulong Last)>();
        var kept = new List<(ulong First, ulong Last)>(2);
        var to = from;
        for (; to < _ranges.Count && _ranges[to].First <= last; to++)
        {
            var range = _ranges[to];
            removed.Add((Math.Max(range.First, first), Math.Min(range.Last, last)));
            if (range.First < first)
            {
                kept.Add((range.First, first - 1));
            }

            if (range.Last > last)
            {
                kept.Add((last + 1, range.Last));
            }
        }

        _ranges.RemoveRange(from, to - from);
        _ranges.InsertRange(from, kept);
        return removed;
    }

    /// <summary>The parts of a range that are in the set, ascending.</summary>
    public IEnumerable<(ulong First, ulong Last)> Within(ulong first, ulong last)
    {
        for (var at = FirstEndingAtOrAfter(first); at < _ranges.Count && _ranges[at].First <= last; at++)
        {
            yield return (Math.Max(_ranges[at].First, first), Math.Min(_ranges[at].Last, last));
        }
    }

    /// <summary>The parts of a range that are not in the set, ascending.</summary>
    public IEnumerable<(ulong First, ulong Last)> Missing(ulong first, ulong last)
    {
        foreach (var (from, to) in Within(first, last))
        {
            if (first < from)
            {
                yield return (first, from - 1);
            }

            if (to == ulong.MaxValue)
            {
                yield break;
            }

            first = to + 1;
        }

        if (first <= last)
        {
            yield return (first, last);
        }
    }

    public void Clear() => _ranges.Clear();

    private int FirstEndingAtOrAfter(ulong sequence)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].Last < sequence)
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
}
