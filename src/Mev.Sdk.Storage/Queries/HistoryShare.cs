using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Queries;

/// <summary>What a store contributed to an answer.</summary>
/// <param name="Store">The store.</param>
/// <param name="Tier">How near at hand it is.</param>
/// <param name="Span">The stretch that it answered for.</param>
/// <param name="Rows">Rows or groups that it gave.</param>
/// <param name="Elapsed">How long it took to give the first.</param>
public sealed record HistoryShare(string Store, HistoryTier Tier, HistorySpan Span, long Rows, TimeSpan Elapsed);
