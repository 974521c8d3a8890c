using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>What a policy wants of a partition that is due.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="From">Where its rows are.</param>
/// <param name="To">Where they should be.</param>
/// <param name="HeldBy">Why they stay for now, in words; null = they are to move.</param>
public sealed record TierMove(TierPartition Partition, HistoryTier From, HistoryTier To, string? HeldBy)
{
    /// <summary>For how long it has been due.</summary>
    public TimeSpan Overdue { get; init; }

    /// <summary>Whether it is to be done now.</summary>
    public bool IsReady => HeldBy is null;
}
