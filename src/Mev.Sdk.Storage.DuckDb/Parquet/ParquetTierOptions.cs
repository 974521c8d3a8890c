namespace Mev.Sdk.Storage.DuckDb;

/// <summary>How a <see cref="ParquetTier"/> keeps and reads its files. Read once, when it is made.</summary>
public sealed class ParquetTierOptions
{
    /// <summary>Folder of the files within the blob store: parts of a blob's name. Default <c>warm</c>.</summary>
    public string Prefix { get; set; } = "warm";

    /// <summary>
    /// A folder of this machine, of one process alone, for files that are fetched from a store that is no folder, and for what a query cannot hold in memory. Required for such a store; without it
    /// nothing is spilled to disk. With <c>UseParquet</c> the default is <c>parquet</c> in the data directory.
    /// </summary>
    public string CacheDirectory { get; set; } = "";

    /// <summary>Files in the cache at most, mebibytes, 64 to 16,777,216; those that were used longest ago make room. A question that needs more at once is refused. Default 10,240.</summary>
    public int CacheMegabytes { get; set; } = 10_240;

    /// <summary>Memory that questions may use together, mebibytes, at least 128. Default 1,024.</summary>
    public int MemoryMegabytes { get; set; } = 1024;

    /// <summary>Threads that questions may use together, 1 to 256. Default 2.</summary>
    public int Threads { get; set; } = 2;

    /// <summary>Rows of a row group, 1,024 to 16,777,216: what a look-up reads at least. Default 122,880.</summary>
    public int RowGroupRows { get; set; } = 122_880;

    /// <summary>Zstandard's level, 1 (fast) to 22 (small). Default 6.</summary>
    public int CompressionLevel { get; set; } = 6;

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Parquet")
    {
        if (!BlobName.IsValid(Prefix))
            yield return $"{section}:{nameof(Prefix)} is '{Prefix}': set parts of A-Z, a-z, 0-9, '.', '_' and '-' with '/' between them.";
        if (CacheMegabytes is < 64 or > 16_777_216)
            yield return $"{section}:{nameof(CacheMegabytes)} is {CacheMegabytes}: set 64 to 16777216.";
        if (MemoryMegabytes < 128)
            yield return $"{section}:{nameof(MemoryMegabytes)} is {MemoryMegabytes}: set at least 128.";
        if (Threads is < 1 or > 256)
            yield return $"{section}:{nameof(Threads)} is {Threads}: set 1 to 256.";
        if (RowGroupRows is < 1024 or > 16_777_216)
            yield return $"{section}:{nameof(RowGroupRows)} is {RowGroupRows}: set 1024 to 16777216.";
        if (CompressionLevel is < 1 or > 22)
            yield return $"{section}:{nameof(CompressionLevel)} is {CompressionLevel}: set 1 to 22.";
    }
}
