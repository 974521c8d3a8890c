using System.Diagnostics.CodeAnalysis;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>Finds the columns of a query and notes what is wrong with it.</summary>
internal sealed class QueryBinder(HistoryTable table)
{
    private const long MaxWidth = 1L << 53;
    private static readonly TimeSpan MinEvery = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxEvery = TimeSpan.FromDays(3660);
    private readonly List<string> _problems = [];
    private int _filters;

    public IReadOnlyList<string> Problems => _problems;

    public void Problem(string place, string what, string remedy) => _problems.Add($"{place}: {what}; {remedy}.");

    public void CheckSpan(HistorySpan? span)
    {
        if (span is not { } stated)
        {
            return;
        }

        if (stated.Range != table.Range)
        {
            Problem("span", $"'{table.Name}' is ordered by {(table.Range == HistoryRange.Slot ? "slot" : "time")}", table.Range == HistoryRange.Slot ? "state slots, and times as a filter" : "state times, and slots as a filter");
        }
        else if (stated.IsEmpty)
        {
            Problem("span", $"it ends before it begins ({stated})", "state the earlier end first");
        }
    }

    public void CheckCount(string place, int count, int most)
    {
        if (count > most)
        {
            Problem(place, $"there are {count}", $"use at most {most}");
        }
    }

    public void CheckNames(IReadOnlyList<HistoryField> fields)
    {
        foreach (var field in fields)
        {
            if (field.Name.Length is 0 or > HistoryLimits.NameLength || field.Name.Any(static c => c is not (>= 'a' and <= 'z' or >= '0' and <= '9' or '_')))
            {
                Problem("name", "a name of the answer has other than lower-case letters, digits and underscores", $"use those, 1 to {HistoryLimits.NameLength} of them");
            }
        }

        foreach (var twice in fields.GroupBy(static f => f.Name, StringComparer.Ordinal).Where(static g => g.Count() > 1))
        {
            Problem("name", $"'{twice.Key}' would be twice in the answer", "give one of them another 'name'");
        }
    }

    public HistoryColumn[] Columns(IReadOnlyList<string> names)
    {
        CheckCount("columns", names.Count, table.Columns.Count);
        var columns = new List<HistoryColumn>();
        foreach (var name in names.Take(table.Columns.Count))
        {
            if (TryColumn("columns", name, out var column) && columns.Contains(column))
            {
                Problem("columns", $"'{name}' is named twice", "name it once");
            }

            columns.Add(column ?? table.Columns[0]);
        }

        return [.. columns];
    }

    public bool TryColumn(string place, string? name, [MaybeNullWhen(false)] out HistoryColumn column)
    {
        if (name is not null && table.TryGetColumn(name, out column))
        {
            return true;
        }

        column = null;
        Problem(place, $"'{table.Name}' has no column '{(name?.Length > 100 ? name[..100] + "…" : name)}'", $"use one of {string.Join(", ", table.Columns.Select(static c => c.Name))}");
        return false;
    }

    public BoundFilter? Bind(HistoryFilter? filter, string place, int depth = 1)
    {
        if (filter is null)
        {
            Problem(place, "it is null", "state a condition, or leave it out");
            return null;
        }

        if (++_filters > HistoryLimits.Filters || depth > HistoryLimits.FilterDepth)
        {
            if (_filters == HistoryLimits.Filters + 1 || depth == HistoryLimits.FilterDepth + 1)
            {
                Problem(place, "the conditions are too many or too deep", $"use at most {HistoryLimits.Filters}, nested at most {HistoryLimits.FilterDepth} deep; many values of one column are one 'in'");
            }

            return null;
        }

        if ((filter.Column is null ? 0 : 1) + (filter.All is null ? 0 : 1) + (filter.Any is null ? 0 : 1) != 1)
        {
            Problem(place, "a condition is a test of one column, 'all' of some or 'any' of some", "state exactly one of these");
            return null;
        }

        if (filter.Column is null)
        {
            var (parts, word) = filter.All is { } all ? (all, "all") : (filter.Any!, "any");
            if (parts.Count == 0)
            {
                Problem($"{place}.{word}", "it is empty", "name at least one condition, or leave it out");
                return null;
            }

            return new BoundFilter(null, default, [], [.. parts.Select((p, i) => Bind(p, $"{place}.{word}[{i}]", depth + 1)).OfType<BoundFilter>()], filter.Any is not null);
        }

        return TryColumn(place, filter.Column, out var column) ? Test(filter, column, place) : null;
    }

    public BoundGroup? Bind(HistoryGroup? group, int index)
    {
        var place = $"groupBy[{index}]";
        if (!TryColumn(place, group?.Column, out var column))
        {
            return null;
        }

        var problem = group!.By switch
        {
            HistoryGrouping.Value => HistoryValues.IsFloat(column.Type) || column.Type is ColumnType.Json or ColumnType.Bytes ? ("its values are no groups", "use integers, truth values, instants, keys, signatures or text; floats by 'scaled'") : default,
            HistoryGrouping.Width when !HistoryValues.IsInteger(column.Type) => ("it has no whole numbers", "use 'time' or 'scaled'"),
            HistoryGrouping.Width => group.Width is < 1 or > MaxWidth ? ($"the width is {group.Width}", $"state 1 to {MaxWidth}") : default,
            HistoryGrouping.Time when column.Type != ColumnType.Timestamp => ("it has no instants", "use 'width' for numbers"),
            HistoryGrouping.Time => group.Every < MinEvery || group.Every > MaxEvery || group.Every.Ticks % TimeSpan.TicksPerMicrosecond != 0 ? ($"the width is {group.Every}", $"state {MinEvery} to {MaxEvery}, whole microseconds") : default,
            HistoryGrouping.LogLinear when !HistoryValues.IsInteger(column.Type) => ("it has no whole numbers", "use 'scaled' for floats"),
            HistoryGrouping.LogLinear => group.Bits is < 0 or > LogLinearHistogram.MaxBits ? ($"the precision is {group.Bits} bits", $"state 0 to {LogLinearHistogram.MaxBits}") : default,
            HistoryGrouping.Scaled when !HistoryValues.IsFloat(column.Type) => ("it has no floats", "use 'width' for whole numbers"),
            HistoryGrouping.Scaled => group.Scale is < 1 or > 1_000_000 ? ($"the scale is {group.Scale}", "state 1 to 1000000 buckets a unit") : default,
            HistoryGrouping.HashRegister => HistoryValues.IsHashable(column.Type) ? default : ("it has no keys or signatures", "use another column"),
            _ => ($"there is no grouping {(int)group.By}", $"use one of {string.Join(", ", Enum.GetNames<HistoryGrouping>())}"),
        };
        if (problem.Item1 is not null)
        {
            Problem($"{place} by '{column.Name}'", problem.Item1, problem.Item2);
        }

        return new BoundGroup(column, group);
    }

    public BoundAggregate? Bind(HistoryAggregate? aggregate, int index)
    {
        var place = $"aggregates[{index}]";
        if (aggregate is null)
        {
            Problem(place, "it is null", "state what is wanted");
            return null;
        }

        var where = aggregate.Where is { } filter ? Bind(filter, place + ".where") : null;
        if (aggregate.Column is null)
        {
            if (aggregate.Of != HistoryAggregation.Count)
            {
                Problem(place, $"{aggregate.Of} is of a column", "state 'column'");
            }

            return new BoundAggregate(null, aggregate, where);
        }

        if (!TryColumn(place, aggregate.Column, out var column))
        {
            return null;
        }

        var problem = aggregate.Of switch
        {
            HistoryAggregation.Count => default,
            HistoryAggregation.Sum => HistoryValues.IsInteger(column.Type) ? default
                : HistoryValues.IsFloat(column.Type) ? ("sums of floats depend on the order of the rows and are not offered", "group by 'scaled', or use min and max") : ("it has no numbers", "use an integer column"),
            HistoryAggregation.Min or HistoryAggregation.Max => HistoryValues.IsInteger(column.Type) || HistoryValues.IsFloat(column.Type) || column.Type == ColumnType.Timestamp ? default : ("it has no numbers or instants", "use another column"),
            HistoryAggregation.Quantile when !HistoryValues.IsInteger(column.Type) => ("it has no whole numbers", "use an integer column, or group by 'scaled'"),
            HistoryAggregation.Quantile when !(aggregate.Quantile is >= 0 and <= 1) => ("the quantile is not within 0 and 1", "state 0.5 for the median"),
            HistoryAggregation.Quantile => aggregate.Bits is < 0 or > LogLinearHistogram.MaxBits ? ($"the precision is {aggregate.Bits} bits", $"state 0 to {LogLinearHistogram.MaxBits}") : default,
            HistoryAggregation.Distinct or HistoryAggregation.HashRest => HistoryValues.IsHashable(column.Type) ? default : ("it has no keys or signatures", "group by its values and count the groups"),
            _ => ($"there is no aggregate {(int)aggregate.Of}", $"use one of {string.Join(", ", Enum.GetNames<HistoryAggregation>())}"),
        };
        if (problem.Item1 is not null)
        {
            Problem($"{place} of '{column.Name}'", problem.Item1, problem.Item2);
        }

        return new BoundAggregate(column, aggregate, where);
    }

    private BoundFilter? Test(HistoryFilter filter, HistoryColumn column, string place)
    {
        place = $"{place} on '{column.Name}'";
        switch (filter.Test)
        {
            case HistoryTest.IsNull or HistoryTest.IsNotNull:
                return new BoundFilter(column, filter.Test, [], [], false);
            case < HistoryTest.Equal or > HistoryTest.NoBits:
                Problem(place, $"there is no test {(int)filter.Test}", $"use one of {string.Join(", ", Enum.GetNames<HistoryTest>())}");
                return null;
            case HistoryTest.AnyBits or HistoryTest.NoBits when !HistoryValues.IsUnsigned(column.Type):
                Problem(place, "bits are asked of a column that has none", "use an unsigned column");
                return null;
            case HistoryTest.Less or HistoryTest.LessOrEqual or HistoryTest.Greater or HistoryTest.GreaterOrEqual when column.Type == ColumnType.Boolean:
                Problem(place, "truth values have no order", "use 'equal'");
                return null;
        }

        if (column.Type == ColumnType.Json)
        {
            Problem(place, "JSON is not compared", "use 'isNull' or 'isNotNull', or another column");
            return null;
        }

        var values = filter.Test == HistoryTest.In ? filter.Values ?? [] : [filter.Value];
        if (values.Count is 0 or > HistoryLimits.Values)
        {
            Problem(place, $"it has {values.Count} values", $"state 1 to {HistoryLimits.Values}");
            return null;
        }

        var bound = new HistoryValue[values.Count];
        for (var i = 0; i < bound.Length; i++)
        {
            if (values[i].IsNull)
            {
                Problem(place, "nothing is equal to null, before or behind it", "use 'isNull' or 'isNotNull'");
                return null;
            }

            if (HistoryValues.Bind(column, values[i], out bound[i]) is { } problem)
            {
                Problem(place, problem, "state a value that the column can have");
                return null;
            }
        }

        if (filter.Test is HistoryTest.AnyBits or HistoryTest.NoBits && (bound[0].AsInteger() < 0 || bound[0].AsInteger() > HistoryValues.LimitsOf(column.Type).Max))
        {
            Problem(place, $"the column does not have the bits {bound[0]}", "state bits that it has");
            return null;
        }

        return new BoundFilter(column, filter.Test, bound, [], false);
    }
}
