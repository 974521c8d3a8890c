namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>A partition in the catalogue's file.</summary>
internal sealed class EntryFile
{
    public required string Partition { get; init; }

    public required string Tier { get; init; }

    public DateTimeOffset? Newest { get; init; }

    public required long Rows { get; init; }

    public required ulong FirstLsn { get; init; }

    public required ulong LastLsn { get; init; }

    public required PartFile[] Parts { get; init; }
}
