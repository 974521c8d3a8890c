namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>A table's rows of a partition in a manifest; the sum is 32 hexadecimal digits.</summary>
internal sealed class ManifestEntryFile
{
    public required string Table { get; init; }

    public required string Partition { get; init; }

    public required long Rows { get; init; }

    public required string Sum { get; init; }
}
