using System.Text.Json.Serialization;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A question as JSON has it: generated readers leave alone what is not stated only in properties that can be set.</summary>
internal sealed class QueryForm
{
    [JsonRequired]
    public string? Table { get; set; }

    public HistorySpan? Span { get; set; }

    public HistoryFilter? Filter { get; set; }

    public string[]? Columns { get; set; }

    public GroupForm?[]? GroupBy { get; set; }

    public AggregateForm?[]? Aggregates { get; set; }

    public HistoryOrder[]? Order { get; set; }

    public HistoryValue[]? After { get; set; }

    public int Limit { get; set; } = HistoryQuery.DefaultLimit;

    public static QueryForm Of(HistoryQuery query) => new()
    {
        Table = query.Table,
        Span = query.Span,
        Filter = query.Filter,
        Columns = [.. query.Columns],
        GroupBy = [.. query.GroupBy.Select(static g => new GroupForm { Column = g.Column, By = g.By, Width = g.Width, Every = g.Every, Bits = g.Bits, Scale = g.Scale, Name = g.Name })],
        Aggregates = [.. query.Aggregates.Select(static a => new AggregateForm { Of = a.Of, Column = a.Column, Quantile = a.Quantile, Bits = a.Bits, Where = a.Where, Name = a.Name })],
        Order = [.. query.Order],
        After = [.. query.After],
        Limit = query.Limit,
    };

    public HistoryQuery ToQuery() => new()
    {
        Table = Table ?? "",
        Span = Span,
        Filter = Filter,
        Columns = Columns ?? [],
        GroupBy = [.. (GroupBy ?? []).Select(static g => g?.ToGroup()!)],
        Aggregates = [.. (Aggregates ?? []).Select(static a => a?.ToAggregate()!)],
        Order = Order ?? [],
        After = After ?? [],
        Limit = Limit,
    };
}
