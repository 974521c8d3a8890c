using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>What the catalogue says of a partition that has left the hot tier. Immutable.</summary>
public sealed record TierEntry
{
    /// <summary>The partition.</summary>
    public required TierPartition Partition { get; init; }

    /// <summary>The tier that answers for it.</summary>
    public required HistoryTier Tier { get; init; }

    /// <summary>Its warm parts, oldest first; of a cold partition those that are still to be removed.</summary>
    public IReadOnlyList<TierPart> Parts { get; init; } = [];

    /// <summary>Latest time of a row, as the source said it.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>Rows that it has, or had while it was warm, over all tables.</summary>
    public long Rows { get; init; }

    /// <summary>Lowest LSN of its rows.</summary>
    public Lsn FirstLsn { get; init; }

    /// <summary>Highest LSN of its rows.</summary>
    public Lsn LastLsn { get; init; }

    /// <summary>Whether the hot tier may still have rows that its parts have.</summary>
    public bool IsPending => Parts.Any(static part => part.Source is not null);

    /// <summary>The same entry with other parts, its sums made anew.</summary>
    internal TierEntry With(IReadOnlyList<TierPart> parts) => this with
    {
        Parts = parts,
        Rows = parts.Sum(static part => part.Sum.Rows),
        FirstLsn = parts.Count == 0 ? FirstLsn : parts.Min(static part => part.FirstLsn),
        LastLsn = parts.Count == 0 ? LastLsn : parts.Max(static part => part.LastLsn),
    };
}
