namespace Mev.Sdk.Storage.Tiers;

/// <summary>What one move stored of one table's partition in a target. Immutable.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Name">The target's name of it, unique among all parts ever stored.</param>
/// <param name="Sum">Its rows.</param>
/// <param name="Bytes">What it takes in the target; 0 = the target does not say.</param>
/// <param name="FirstLsn">Lowest LSN of a row.</param>
/// <param name="LastLsn">Highest LSN of a row, or of the record that holds its wire bytes.</param>
/// <param name="Source">What the source's rows added up to that it was made of, while they are still to be deleted there; null = they were.</param>
/// <param name="RowBytes">Bytes of its rows in RowBinary: what <paramref name="Bytes"/> is compared with; 0 = not known.</param>
public sealed record TierPart(string Table, string Name, RowSum Sum, long Bytes, Lsn FirstLsn, Lsn LastLsn, RowSum? Source, long RowBytes = 0);
