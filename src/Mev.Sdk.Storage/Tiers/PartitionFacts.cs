using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>What a policy has to know of a partition in the tier where it is.</summary>
public sealed record PartitionFacts
{
    /// <summary>The partition.</summary>
    public required TierPartition Partition { get; init; }

    /// <summary>Where its rows are.</summary>
    public required HistoryTier Tier { get; init; }

    /// <summary>How many, over all tables; an estimate where counting would read a big partition.</summary>
    public required long Rows { get; init; }

    /// <summary>Latest time of a row (of its block, of what it observed); null = no row has one.</summary>
    public required DateTimeOffset? Newest { get; init; }

    /// <summary>Whether all its slots are final; true for days of time.</summary>
    public bool IsRooted { get; init; } = true;

    /// <summary>Opportunities that were sent and have no outcome yet.</summary>
    public long OpenOutcomes { get; init; }

    /// <summary>Whether somebody wants it to stay where it is.</summary>
    public bool IsPinned { get; init; }

    /// <summary>Whether the archive holds every record that its rows came from; asked of warm partitions only.</summary>
    public bool IsArchived { get; init; }
}
