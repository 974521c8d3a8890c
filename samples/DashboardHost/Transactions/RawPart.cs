namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>What the journal's record of a transaction weighs, and how it was seen.</summary>
/// <param name="WireBytes">The transaction's own bytes; 0 = the source could not give them.</param>
/// <param name="MetaBytes">Its status meta; 0 = it was not there.</param>
/// <param name="SeenAt">By the engine's clock; null when it stated none.</param>
/// <param name="SessionId">The session that brought it; 0 = the host itself.</param>
/// <param name="Sequence">Its number in that session.</param>
internal sealed record RawPart(int WireBytes, int MetaBytes, DateTimeOffset? SeenAt, ulong SessionId, ulong Sequence);
