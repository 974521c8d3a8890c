namespace Mev.Sdk.Storage.Queries;

/// <summary>A stretch that a store answers for in one question.</summary>
internal sealed record StoreSpan(IHistoryStore Store, HistorySpan Span);
