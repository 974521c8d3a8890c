namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>Parquet files with Zstandard, written by DuckDB: of the writers at hand the one with the most to set.</summary>
internal sealed class ParquetStore : IStore
{
    private static readonly (string Name, string Sql)[] Dictionaries =
    [
        ("", ""),
        (" with large dictionaries", ", DICTIONARY_SIZE_LIMIT 1000000, STRING_DICTIONARY_PAGE_SIZE_LIMIT 100000000"),
    ];

    public string Name => "parquet";

    public string Product => "Parquet by DuckDB 1.5, zstd level 19, one row group";

    public StoreSize Measure(StoreStaging staging, string folder)
    {
        var tries = new List<(long, string)>();
        var path = Path.Combine(folder, "transactions.parquet");
        foreach (var layout in staging.Layouts)
        {
            foreach (var version in (string[])["V1", "V2"])
            {
                foreach (var (name, sql) in Dictionaries)
                {
                    File.Delete(path);
                    staging.Execute($"COPY ({layout.Select}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, PARQUET_VERSION {version}, ROW_GROUP_SIZE 1000000{sql})");
                    tries.Add((new FileInfo(path).Length, $"{layout.Name} {version}{name}"));
                }
            }
        }

        return StoreSize.Best(tries);
    }
}
