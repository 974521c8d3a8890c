namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>A manifest as it is written.</summary>
internal sealed class ManifestFile
{
    public required int Version { get; init; }

    public required ulong Checkpoint { get; init; }

    public required IReadOnlyList<ManifestEntryFile> Entries { get; init; }
}
