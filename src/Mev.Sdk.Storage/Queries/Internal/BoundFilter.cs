using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A condition whose column is found and whose values are what the column holds.</summary>
/// <param name="Column">The column; null for a combination.</param>
/// <param name="Test">What is asked of it.</param>
/// <param name="Values">What it is compared with.</param>
/// <param name="Parts">Of a combination the conditions.</param>
/// <param name="IsAny">Of a combination whether one of them is enough.</param>
internal sealed record BoundFilter(HistoryColumn? Column, HistoryTest Test, HistoryValue[] Values, BoundFilter[] Parts, bool IsAny);
