namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>The catalogue's file.</summary>
internal sealed class CatalogueFile
{
    public required int Version { get; init; }

    public string? Mover { get; init; }

    public DateTimeOffset? MovesUntil { get; init; }

    public required string[] Pins { get; init; }

    public required EntryFile[] Partitions { get; init; }
}
