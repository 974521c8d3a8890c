using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.DashboardHost.Tiers;

/// <summary>A tier as the page shows it.</summary>
/// <param name="Tier">Which.</param>
/// <param name="Store">Who answers for it; empty = nobody.</param>
/// <param name="Partitions">Days that it answers for.</param>
/// <param name="Rows">Rows of all tables.</param>
/// <param name="FirstSlot">First slot of its days; null = it has no day of slots.</param>
/// <param name="LastSlot">Last slot of its days.</param>
/// <param name="FirstDay">First day of its tables that are kept by time; null = it has none.</param>
/// <param name="LastDay">Last of them.</param>
/// <param name="StoredBytes">What it takes on disk; null = it does not say.</param>
/// <param name="RawBytes">What the same takes as it came, see <paramref name="RawIs"/>; null = not known.</param>
/// <param name="RawIs">What the ratio's denominator is, in words.</param>
internal sealed record TierLine(
    HistoryTier Tier, string Store, int Partitions, long Rows, ulong? FirstSlot, ulong? LastSlot, DateOnly? FirstDay, DateOnly? LastDay, long? StoredBytes, long? RawBytes, string RawIs)
{
    /// <summary>Raw bytes over stored ones; null = not known.</summary>
    public double? Ratio => StoredBytes > 0 && RawBytes > 0 ? (double)RawBytes.Value / StoredBytes.Value : null;
}
