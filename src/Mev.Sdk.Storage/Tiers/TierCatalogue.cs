namespace Mev.Sdk.Storage.Tiers;

/// <summary>Which tier answers for which partition; what is not in it is hot. Immutable; docs/tiers.md, "The catalogue".</summary>
public sealed record TierCatalogue
{
    /// <summary>A catalogue in which everything is hot.</summary>
    public static TierCatalogue Empty { get; } = new();

    /// <summary>The mover that works; null = none.</summary>
    public string? Mover { get; init; }

    /// <summary>Until when it has the catalogue for itself unless it says so again.</summary>
    public DateTimeOffset? MovesUntil { get; init; }

    /// <summary>Partitions that left the hot tier, ascending.</summary>
    public IReadOnlyList<TierEntry> Entries { get; init; } = [];

    /// <summary>Partitions that somebody wants to stay where they are, ascending.</summary>
    public IReadOnlyList<TierPartition> Pins { get; init; } = [];

    /// <summary>Looks for a partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <returns>Null when it is hot.</returns>
    public TierEntry? Find(TierPartition partition) => Entries.FirstOrDefault(entry => entry.Partition == partition);

    /// <summary>The catalogue with an entry in place of that of the same partition.</summary>
    internal TierCatalogue With(TierEntry entry) =>
        this with { Entries = [.. Entries.Where(other => other.Partition != entry.Partition).Append(entry).OrderBy(static other => other.Partition, TierPartition.Order)] };
}
