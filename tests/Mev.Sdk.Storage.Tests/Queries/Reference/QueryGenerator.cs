using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tests.Queries;

/// <summary>Valid queries of every shape; groups and figures are called g0, g1 … and a0, a1 ….</summary>
internal sealed class QueryGenerator(HistoryTable table, IReadOnlyList<HistoryValue[]> rows, Random random)
{
    private static readonly long[] Widths = [1, 2, 10, 1000, (long)HistoryData.PartitionSlots, 1L << 40, 1L << 53];
    private static readonly TimeSpan[] Times = [TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(7), TimeSpan.FromMinutes(1), TimeSpan.FromDays(1), TimeSpan.FromDays(30)];

    public HistoryQuery Next()
    {
        var query = new HistoryQuery { Table = table.Name, Span = random.Next(2) == 0 ? Span() : null, Filter = random.Next(3) > 0 ? Filter(0) : null, Limit = Limit() };
        return random.Next(3) == 0 ? Rows(query) : Groups(query);
    }

    private int Limit() => random.Next(4) switch { 0 => 1, 1 => 1 + random.Next(10), 2 => 1 + random.Next(1000), _ => HistoryLimits.Rows };

    private HistorySpan Span()
    {
        Int128 End()
        {
            var value = HistoryData.Value(table.RangeColumn!, random, rows);
            var number = value.Kind == HistoryValueKind.Timestamp ? value.AsMicroseconds() : Int128.Max(0, value.AsInteger());
            return number + (number > 10 && number < long.MaxValue - 10 ? random.Next(3) - 1 : 0);
        }

        var (a, b) = (End(), End());
        return new HistorySpan(table.Range, Int128.Min(a, b), Int128.Max(a, b));
    }

    private HistoryFilter Filter(int depth)
    {
        if (depth < 2 && random.Next(3) == 0)
        {
            HistoryFilter[] parts = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Filter(depth + 1))];
            return random.Next(2) == 0 ? HistoryFilter.AllOf(parts) : HistoryFilter.AnyOf(parts);
        }

        var column = Column(static c => c.Type != ColumnType.Json);
        switch (random.Next(9))
        {
            case 0:
                return random.Next(2) == 0 ? HistoryFilter.IsNull(column.Name) : HistoryFilter.IsNotNull(column.Name);
            case 1:
                return HistoryFilter.In(column.Name, [.. Enumerable.Range(0, 1 + random.Next(5)).Select(_ => Value(column))]);
            case 2 when column.Type <= ColumnType.UInt64:
                var bits = column.Type switch { ColumnType.UInt8 => 8, ColumnType.UInt16 => 16, ColumnType.UInt32 => 32, _ => 64 };
                return HistoryFilter.Where(column.Name, random.Next(2) == 0 ? HistoryTest.AnyBits : HistoryTest.NoBits, 1UL << random.Next(bits) | 1UL << random.Next(bits));
            default:
                return HistoryFilter.Where(column.Name, column.Type == ColumnType.Boolean ? (HistoryTest)random.Next(2) : (HistoryTest)random.Next(6), Value(column));
        }
    }

    private HistoryQuery Rows(HistoryQuery query)
    {
        var columns = random.Next(3) == 0 ? [] : table.Columns.Where(_ => random.Next(3) == 0).OrderBy(_ => random.Next()).Select(static c => c.Name).ToArray();
        var order = table.Columns.Where(c => c.Type != ColumnType.Json && random.Next(8) == 0).OrderBy(_ => random.Next()).Take(3).ToList();
        query = query with { Columns = columns, Order = [.. order.Select(c => new HistoryOrder(c.Name, random.Next(2) == 0))] };
        if (rows.Count > 0 && random.Next(3) == 0)
        {
            var row = rows[random.Next(rows.Count)];
            query = query with { After = [.. order.Concat(table.KeyColumns.Except(order)).Select(c => row[c.Ordinal])] };
        }

        return query;
    }

    private HistoryQuery Groups(HistoryQuery query)
    {
        var groups = Enumerable.Range(0, random.Next(4)).Select(Group).ToArray();
        var aggregates = Enumerable.Range(0, groups.Length == 0 ? 1 + random.Next(4) : random.Next(5)).Select(Aggregate).ToArray();
        string[] names = [.. groups.Select(static g => g.Name!), .. aggregates.Select(static a => a.Name!)];
        return query with
        {
            GroupBy = groups,
            Aggregates = aggregates,
            Order = [.. names.Where(_ => random.Next(3) == 0).OrderBy(_ => random.Next()).Select(n => new HistoryOrder(n, random.Next(2) == 0)).Take(HistoryLimits.Orders)],
        };
    }

    private HistoryGroup Group(int index)
    {
        var by = (HistoryGrouping)random.Next(6);
        var column = by switch
        {
            HistoryGrouping.Width or HistoryGrouping.LogLinear => Column(static c => c.Type <= ColumnType.Int64),
            HistoryGrouping.Time => Column(static c => c.Type == ColumnType.Timestamp),
            HistoryGrouping.Scaled => Column(static c => c.Type is ColumnType.Float32 or ColumnType.Float64),
            HistoryGrouping.HashRegister => Column(static c => c.Type is ColumnType.Key or ColumnType.Signature),
            _ => null,
        };
        if (column is null)
        {
            (by, column) = (HistoryGrouping.Value, Column(static c => c.Type is not (ColumnType.Float32 or ColumnType.Float64 or ColumnType.Json or ColumnType.Bytes)));
        }

        return new HistoryGroup
        {
            Column = column.Name,
            By = by,
            Width = Widths[random.Next(Widths.Length)],
            Every = Times[random.Next(Times.Length)],
            Bits = random.Next(LogLinearHistogram.MaxBits + 1),
            Scale = 1 + random.Next(100),
            Name = $"g{index}",
        };
    }

    private HistoryAggregate Aggregate(int index)
    {
        var of = (HistoryAggregation)random.Next(7);
        var column = of switch
        {
            HistoryAggregation.Sum or HistoryAggregation.Quantile => Column(static c => c.Type <= ColumnType.Int64),
            HistoryAggregation.Min or HistoryAggregation.Max => Column(static c => c.Type <= ColumnType.Float64 || c.Type == ColumnType.Timestamp),
            HistoryAggregation.Distinct or HistoryAggregation.HashRest => Column(static c => c.Type is ColumnType.Key or ColumnType.Signature),
            _ => random.Next(2) == 0 ? null : Column(static _ => true),
        };
        return new HistoryAggregate
        {
            Of = column is null ? HistoryAggregation.Count : of,
            Column = column?.Name,
            Quantile = random.Next(101) / 100d,
            Bits = random.Next(LogLinearHistogram.MaxBits + 1),
            Where = random.Next(4) == 0 ? Filter(1) : null,
            Name = $"a{index}",
        };
    }

    private HistoryValue Value(HistoryColumn column) => HistoryData.Value(column, random, rows);

    private HistoryColumn Column(Func<HistoryColumn, bool> fits)
    {
        var fitting = table.Columns.Where(fits).ToList();
        return fitting.Count == 0 ? null! : fitting[random.Next(fitting.Count)];
    }
}
