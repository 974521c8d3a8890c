using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>An aggregate whose column is found.</summary>
internal sealed record BoundAggregate(HistoryColumn? Column, HistoryAggregate Aggregate, BoundFilter? Where);
