using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tests.Queries;

/// <summary>What every database must answer: the meaning of a query, written down as plainly as it can be, over rows in memory.</summary>
internal static class ReferenceHistory
{
    public static List<HistoryValue[]> Answer(HistoryQuery query, IEnumerable<HistoryValue[]> rows)
    {
        var table = HistoryTables.Get(query.Table);
        var kept = rows.Where(r => IsIn(query.Span, r, table) && (query.Filter is null || Passes(query.Filter, r, table))).ToList();
        return query.Aggregates.Count > 0 || query.GroupBy.Count > 0 ? Groups(query, table, kept) : Rows(query, table, kept);
    }

    public static bool Passes(HistoryFilter filter, HistoryValue[] row, HistoryTable table)
    {
        if (filter.All is { } all)
        {
            return all.All(f => Passes(f, row, table));
        }

        if (filter.Any is { } any)
        {
            return any.Any(f => Passes(f, row, table));
        }

        var value = row[table[filter.Column!].Ordinal];
        if (value.IsNull)
        {
            return filter.Test == HistoryTest.IsNull;
        }

        return filter.Test switch
        {
            HistoryTest.Equal => value == filter.Value,
            HistoryTest.NotEqual => value != filter.Value,
            HistoryTest.Less => value < filter.Value,
            HistoryTest.LessOrEqual => value <= filter.Value,
            HistoryTest.Greater => value > filter.Value,
            HistoryTest.GreaterOrEqual => value >= filter.Value,
            HistoryTest.In => filter.Values!.Contains(value),
            HistoryTest.IsNull => false,
            HistoryTest.IsNotNull => true,
            HistoryTest.AnyBits => (value.AsInteger() & filter.Value.AsInteger()) != 0,
            _ => (value.AsInteger() & filter.Value.AsInteger()) == 0,
        };
    }

    private static bool IsIn(HistorySpan? span, HistoryValue[] row, HistoryTable table)
    {
        if (span is not { } stated)
        {
            return true;
        }

        var value = row[table.RangeColumn!.Ordinal];
        var number = table.Range == HistoryRange.Slot ? value.AsInteger() : value.AsMicroseconds();
        return number >= stated.First && number <= stated.Last;
    }

    private static List<HistoryValue[]> Rows(HistoryQuery query, HistoryTable table, List<HistoryValue[]> rows)
    {
        var order = query.Order.Select(o => (At: table[o.By].Ordinal, o.Descending)).ToList();
        order.AddRange(table.KeyColumns.Where(k => order.All(o => o.At != k.Ordinal)).ToList().Select(k => (k.Ordinal, query.Order.Count > 0 && query.Order[^1].Descending)));
        rows.Sort((a, b) => Compare(a, b, order));
        var after = query.After.Count == 0 ? rows : rows.Where(r => Compare(order, r, query.After) > 0);
        int[] columns = query.Columns.Count == 0 ? [.. table.Columns.Select(static c => c.Ordinal)] : [.. query.Columns.Select(c => table[c].Ordinal)];
        return [.. after.Take(query.Limit).Select(r => columns.Select(c => r[c]).ToArray())];
    }

    private static List<HistoryValue[]> Groups(HistoryQuery query, HistoryTable table, List<HistoryValue[]> rows)
    {
        var answer = new List<HistoryValue[]>();
        var groups = rows.GroupBy(r => query.GroupBy.Select(g => Key(g, r[table[g.Column].Ordinal])).ToArray(), new KeyComparer()).Select(static g => (g.Key, Rows: g.ToList())).ToList();
        if (groups.Count == 0 && query.GroupBy.Count == 0)
        {
            groups.Add(([], []));
        }

        foreach (var (key, own) in groups)
        {
            answer.Add([.. key, .. query.Aggregates.Select(a => Figure(a, table, own.Where(r => a.Where is null || Passes(a.Where, r, table)).ToList()))]);
        }

        // Names are generated as g0, g1 … a0, a1 …, so that their place is known.
        var order = query.Order.Select(o => (At: o.By[0] == 'g' ? o.By[1] - '0' : query.GroupBy.Count + int.Parse(o.By.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture), o.Descending)).ToList();
        order.AddRange(Enumerable.Range(0, query.GroupBy.Count).Where(g => order.All(o => o.At != g)).ToList().Select(static g => (g, false)));
        answer.Sort((a, b) => Compare(a, b, order));
        return [.. (query.After.Count == 0 ? answer : answer.Where(r => Compare(order, r, query.After) > 0)).Take(query.Limit)];
    }

    private static HistoryValue Key(HistoryGroup group, HistoryValue value)
    {
        if (value.IsNull)
        {
            return value;
        }

        switch (group.By)
        {
            case HistoryGrouping.Value:
                return value;
            case HistoryGrouping.Width:
                return HistoryValue.Integer(Floor(value.AsInteger(), group.Width));
            case HistoryGrouping.Time:
                return HistoryValue.Timestamp((long)Floor(value.AsMicroseconds(), group.Every.Ticks / TimeSpan.TicksPerMicrosecond));
            case HistoryGrouping.LogLinear:
                return Bucket(value.AsInteger(), group.Bits);
            case HistoryGrouping.Scaled:
                return Math.Abs(value.AsFloat()) < (double)(1L << 53) / group.Scale ? HistoryValue.Integer((Int128)Math.Floor(value.AsFloat() * group.Scale)) : HistoryValue.Null;
            default:
                return DistinctSketch.PlaceOf(value.AsBytes().Span).Register;
        }
    }

    private static Int128 Floor(Int128 value, Int128 width)
    {
        var rest = value % width;
        return value - (rest < 0 ? rest + width : rest);
    }

    private static int Bucket(Int128 value, int bits)
    {
        if (value < 0)
        {
            return -1 - Bucket(-1 - value, bits);
        }

        var shift = 0;
        while (value >> shift >= (Int128)2 << bits)
        {
            shift++;
        }

        return (shift << bits) + (int)(value >> shift);
    }

    private static HistoryValue Figure(HistoryAggregate aggregate, HistoryTable table, List<HistoryValue[]> rows)
    {
        var values = aggregate.Column is { } column ? rows.Select(r => r[table[column].Ordinal]).Where(static v => !v.IsNull).Order().ToList() : [.. rows.Select(static _ => HistoryValue.Boolean(true))];
        switch (aggregate.Of)
        {
            case HistoryAggregation.Count:
                return values.Count;
            case HistoryAggregation.Sum:
                return HistoryValue.Integer(values.Aggregate((Int128)0, static (sum, v) => sum + v.AsInteger()));
            case HistoryAggregation.Min:
                return values.Count == 0 ? HistoryValue.Null : values[0];
            case HistoryAggregation.Max:
                return values.Count == 0 ? HistoryValue.Null : values[^1];
            case HistoryAggregation.HashRest:
                return values.Count == 0 ? HistoryValue.Null : values.Min(static v => DistinctSketch.PlaceOf(v.AsBytes().Span).Least);
            case HistoryAggregation.Quantile:
                if (values.Count == 0)
                {
                    return HistoryValue.Null;
                }

                // The middle of the bucket of the value at that rank: the least and greatest number that fall into it, found by looking.
                var bucket = Bucket(values[(int)Math.Clamp((long)Math.Ceiling(aggregate.Quantile * values.Count), 1, values.Count) - 1].AsInteger(), aggregate.Bits);
                var (low, high) = (LogLinearHistogram.LowerBound(bucket, aggregate.Bits), LogLinearHistogram.UpperBound(bucket, aggregate.Bits));
                Assert.True(Bucket(low, aggregate.Bits) == bucket && Bucket(high, aggregate.Bits) == bucket && Bucket(low - 1, aggregate.Bits) == bucket - 1 && (high >= ulong.MaxValue || Bucket(high + 1, aggregate.Bits) == bucket + 1));
                return HistoryValue.Integer(low + ((high - low) / 2));
            default:
                var sketch = new DistinctSketch();
                foreach (var value in values)
                {
                    var (register, rest) = DistinctSketch.PlaceOf(value.AsBytes().Span);
                    sketch.Add(register, rest);
                }

                return sketch.Estimate();
        }
    }

    private static int Compare(HistoryValue[] left, HistoryValue[] right, List<(int At, bool Descending)> order) => Compare(order, left, [.. order.Select(o => right[o.At])]);

    private static int Compare(List<(int At, bool Descending)> order, HistoryValue[] row, IReadOnlyList<HistoryValue> place)
    {
        for (var i = 0; i < order.Count; i++)
        {
            var (left, right) = (row[order[i].At], place[i]);
            var compared = left.IsNull || right.IsNull ? left.IsNull.CompareTo(right.IsNull) : order[i].Descending ? right.CompareTo(left) : left.CompareTo(right);
            if (compared != 0)
            {
                return compared;
            }
        }

        return 0;
    }

    private sealed class KeyComparer : IEqualityComparer<HistoryValue[]>
    {
        public bool Equals(HistoryValue[]? x, HistoryValue[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(HistoryValue[] obj) => obj.Aggregate(17, static (hash, v) => (hash * 31) + v.GetHashCode());
    }
}
