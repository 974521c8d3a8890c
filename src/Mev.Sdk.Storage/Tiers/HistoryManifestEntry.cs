namespace Mev.Sdk.Storage.Tiers;

/// <summary>What a table had in a partition.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Sum">Its rows and what they added up to.</param>
public readonly record struct HistoryManifestEntry(string Table, TierPartition Partition, RowSum Sum);
