namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>What the footer says of a column in a row group.</summary>
internal sealed class ChunkFacts
{
    public required int[] Encodings { get; init; }

    public required long Values { get; init; }

    public required long Nulls { get; init; }

    public required long UncompressedBytes { get; init; }

    public required long CompressedBytes { get; init; }

    /// <summary>From the chunk's start; the dictionary, where there is one, is at 0.</summary>
    public required long DataPage { get; init; }

    public required bool HasDictionary { get; init; }

    public required int DistinctValues { get; init; }

    public required byte[]? Least { get; init; }

    public required byte[]? Greatest { get; init; }

    /// <summary>The chunk's Bloom filter with its header; null for none.</summary>
    public required byte[]? Bloom { get; init; }

    /// <summary>Where the chunk starts in the file.</summary>
    public long Offset { get; set; }

    /// <summary>Where its Bloom filter starts in the file.</summary>
    public long BloomOffset { get; set; }
}
