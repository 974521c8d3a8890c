namespace Mev.Sdk.Storage.Queries;

/// <summary>A part of the history that is not in an answer.</summary>
/// <param name="Span">The stretch.</param>
/// <param name="Store">The store that should have answered for it; null when none holds it.</param>
/// <param name="Reason">Why not.</param>
public sealed record HistoryMissing(HistorySpan Span, string? Store, string Reason);
