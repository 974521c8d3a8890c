namespace Mev.Sdk.Storage.Queries;

/// <summary>How a column of a statement's result is read.</summary>
/// <param name="Name">Its name in the answer; the statement calls it something else.</param>
/// <param name="Kind">What it becomes. Instants come as whole microseconds since the Unix epoch.</param>
/// <param name="SignedBytes">Width of an unsigned number that comes as the same bits in a signed one; 0 = it does not.</param>
public sealed record SqlField(string Name, HistoryValueKind Kind, int SignedBytes);
