using System.Diagnostics.CodeAnalysis;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A query whose names are found and whose values are what the columns hold.</summary>
internal sealed class BoundQuery
{
    private BoundQuery(HistoryQuery query, HistoryTable table)
    {
        Query = query;
        Table = table;
    }

    public HistoryQuery Query { get; }

    public HistoryTable Table { get; }

    public bool IsGroups => Query.Aggregates.Count > 0 || Query.GroupBy.Count > 0;

    public HistorySpan? Span => Query.Span;

    public BoundFilter? Filter { get; private set; }

    /// <summary>Of rows: what is wanted.</summary>
    public HistoryColumn[] Columns { get; private set; } = [];

    public BoundGroup[] Groups { get; private set; } = [];

    public BoundAggregate[] Aggregates { get; private set; } = [];

    /// <summary>The total order.</summary>
    public BoundOrder[] Order { get; private set; } = [];

    public HistoryValue[] After { get; private set; } = [];

    public HistoryField[] Fields { get; private set; } = [];

    public int Limit => Query.Limit;

    /// <param name="query">The query.</param>
    /// <param name="isLimited">Whether its limit may be that of an answer only; a planner asks a store for more.</param>
    /// <exception cref="HistoryQueryException">Something is wrong with it.</exception>
    public static BoundQuery Bind(HistoryQuery query, bool isLimited)
    {
        ArgumentNullException.ThrowIfNull(query);
        var problems = TryBind(query, isLimited, out var bound);
        return bound ?? throw new HistoryQueryException(problems);
    }

    /// <returns>What is wrong; nothing when <paramref name="bound"/> is there.</returns>
    public static IReadOnlyList<string> TryBind(HistoryQuery query, bool isLimited, out BoundQuery? bound)
    {
        bound = null;
        if (HistoryTables.All.FirstOrDefault(t => t.Name == query.Table) is not { } table)
        {
            return [$"table: there is no table '{query.Table}'; use one of {string.Join(", ", HistoryTables.All.Select(static t => t.Name))}."];
        }

        var made = new BoundQuery(query, table);
        var binder = new QueryBinder(table);
        made.Bind(binder, isLimited);
        bound = binder.Problems.Count == 0 ? made : null;
        return binder.Problems;
    }

    private void Bind(QueryBinder binder, bool isLimited)
    {
        binder.CheckSpan(Query.Span);
        if (Query.Limit < 1 || (isLimited && Query.Limit > HistoryLimits.Rows))
        {
            binder.Problem("limit", $"{Query.Limit} rows are asked for", $"ask for 1 to {HistoryLimits.Rows}, and go on with 'after'");
        }

        Filter = Query.Filter is { } filter ? binder.Bind(filter, "filter") : null;
        if (IsGroups)
        {
            BindGroups(binder);
        }
        else
        {
            BindRows(binder);
        }

        BindAfter(binder);
    }

    private void BindRows(QueryBinder binder)
    {
        Columns = Query.Columns.Count == 0 ? [.. Table.Columns] : binder.Columns(Query.Columns);
        Fields = [.. Columns.Select(static c => new HistoryField(c.Name, HistoryValues.KindOf(c.Type)))];
        binder.CheckCount("order", Query.Order.Count, HistoryLimits.Orders);
        var order = new List<BoundOrder>();
        foreach (var part in Query.Order)
        {
            if (!binder.TryColumn("order", part?.By, out var column))
            {
                continue;
            }

            if (column.Type is ColumnType.Json)
            {
                binder.Problem("order", $"'{column.Name}' is JSON, which has no order", "order by another column");
            }
            else if (order.Any(o => o.Column == column))
            {
                binder.Problem("order", $"'{column.Name}' is named twice", "name it once");
            }

            order.Add(new BoundOrder(-1, column, part!.Descending));
        }

        var descending = order.Count > 0 && order[^1].Descending;
        order.AddRange(Table.KeyColumns.Where(k => order.All(o => o.Column != k)).Select(k => new BoundOrder(-1, k, descending)));
        Order = [.. order];
    }

    private void BindGroups(QueryBinder binder)
    {
        if (Query.Columns.Count > 0)
        {
            binder.Problem("columns", "a question about groups has no columns of rows", "name them in 'groupBy', or leave 'aggregates' out");
        }

        binder.CheckCount("groupBy", Query.GroupBy.Count, HistoryLimits.Groups);
        binder.CheckCount("aggregates", Query.Aggregates.Count, HistoryLimits.Aggregates);
        Groups = [.. Query.GroupBy.Select(binder.Bind).OfType<BoundGroup>()];
        Aggregates = [.. Query.Aggregates.Select(binder.Bind).OfType<BoundAggregate>()];
        Fields = [.. Groups.Select(FieldOf), .. Aggregates.Select(FieldOf)];
        binder.CheckNames(Fields);
        binder.CheckCount("order", Query.Order.Count, HistoryLimits.Orders);
        var order = new List<BoundOrder>();
        foreach (var part in Query.Order)
        {
            var field = Array.FindIndex(Fields, f => f.Name == part?.By);
            if (field < 0)
            {
                binder.Problem("order", $"the answer has no '{part?.By}'", $"use one of {string.Join(", ", Fields.Select(static f => f.Name))}");
            }
            else if (order.Any(o => o.Field == field))
            {
                binder.Problem("order", $"'{part?.By}' is named twice", "name it once");
            }

            order.Add(new BoundOrder(field, null, part?.Descending ?? false));
        }

        order.AddRange(Enumerable.Range(0, Groups.Length).Where(g => order.All(o => o.Field != g)).Select(static g => new BoundOrder(g, null, false)));
        Order = [.. order];
    }

    private void BindAfter(QueryBinder binder)
    {
        if (Query.After.Count == 0 || binder.Problems.Count > 0)
        {
            return;
        }

        if (Query.After.Count != Order.Length)
        {
            binder.Problem("after", $"it has {Query.After.Count} values where the order has {Order.Length} parts", "give what the answer to the same question had as 'next'");
            return;
        }

        After = new HistoryValue[Order.Length];
        for (var i = 0; i < After.Length; i++)
        {
            var value = Query.After[i];
            After[i] = value;
            if (!value.IsNull && TypeOf(Order[i]) is { } column && HistoryValues.Bind(column, value, out After[i]) is { } problem)
            {
                binder.Problem($"after[{i}]", problem, "give what the answer to the same question had as 'next'");
            }
            else if (value.IsNull && Order[i].Column is { IsNullable: false } never)
            {
                binder.Problem($"after[{i}]", $"'{never.Name}' is never null", "give what the answer to the same question had as 'next'");
            }
            else if (Order[i].Field >= 0 && !value.IsNull && TypeOf(Order[i]) is null && After[i].Kind == HistoryValueKind.Text && Int128.TryParse(value.AsText(), System.Globalization.CultureInfo.InvariantCulture, out var number))
            {
                After[i] = HistoryValue.Integer(number);
            }
        }
    }

    // The column whose values a part of the order has; none for numbers that are made of columns.
    private HistoryColumn? TypeOf(BoundOrder order) =>
        order.Column ?? (order.Field < Groups.Length
            ? Groups[order.Field] is { Group.By: HistoryGrouping.Value or HistoryGrouping.Time } group ? group.Column : null
            : Aggregates[order.Field - Groups.Length] is { Aggregate.Of: HistoryAggregation.Min or HistoryAggregation.Max } aggregate ? aggregate.Column : null);

    private static HistoryField FieldOf(BoundGroup group) => new(
        group.Group.Name ?? group.Column.Name,
        group.Group.By is HistoryGrouping.Value or HistoryGrouping.Time ? HistoryValues.KindOf(group.Column.Type) : HistoryValueKind.Integer);

    private static HistoryField FieldOf(BoundAggregate aggregate) => new(
        aggregate.Aggregate.Name ?? NameOf(aggregate.Aggregate),
        aggregate.Aggregate.Of is HistoryAggregation.Min or HistoryAggregation.Max ? HistoryValues.KindOf(aggregate.Column!.Type) : HistoryValueKind.Integer);

    [SuppressMessage("Globalization", "CA1308", Justification = "A name in lower case, of an enum's own letters.")]
    private static string NameOf(HistoryAggregate aggregate)
    {
        var kind = aggregate.Of == HistoryAggregation.Quantile
            ? "p" + (aggregate.Quantile * 100).ToString("0.######", System.Globalization.CultureInfo.InvariantCulture).Replace('.', '_')
            : aggregate.Of == HistoryAggregation.HashRest ? "hash_rest" : aggregate.Of.ToString().ToLowerInvariant();
        return aggregate.Column is { } column ? $"{kind}_{column}" : kind;
    }
}
