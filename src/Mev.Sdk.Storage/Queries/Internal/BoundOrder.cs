using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A part of an order.</summary>
/// <param name="Field">Of groups the place of the field in the answer; of rows -1.</param>
/// <param name="Column">Of rows the column; of groups null.</param>
/// <param name="Descending">Greatest first.</param>
internal sealed record BoundOrder(int Field, HistoryColumn? Column, bool Descending);
