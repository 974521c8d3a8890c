namespace Mev.Sdk.Storage.Queries;

/// <summary>One part of the order of an answer.</summary>
/// <param name="By">Rows: a column of the table. Groups: a name of the answer.</param>
/// <param name="Descending">Greatest first. Nulls are last either way.</param>
public sealed record HistoryOrder(string By, bool Descending = false);
