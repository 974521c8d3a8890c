namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>A part in the catalogue's file; sums are 32 hexadecimal digits.</summary>
internal sealed class PartFile
{
    public required string Table { get; init; }

    public required string Name { get; init; }

    public required long Rows { get; init; }

    public required string Sum { get; init; }

    public required long Bytes { get; init; }

    public long RowBytes { get; init; }

    public required ulong FirstLsn { get; init; }

    public required ulong LastLsn { get; init; }

    public long? SourceRows { get; init; }

    public string? SourceSum { get; init; }
}
