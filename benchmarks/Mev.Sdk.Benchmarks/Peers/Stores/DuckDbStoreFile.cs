namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>DuckDB's own file, checkpointed.</summary>
internal sealed class DuckDbStoreFile : IStore
{
    // What DuckDB chooses for itself, and what it is made to choose; blocks of 16 KiB keep the file's rounding small.
    private static readonly string[] Compressions = ["auto", "zstd", "dict_fsst"];

    public string Name => "duckdb";

    public string Product => "DuckDB 1.5 file, newest storage version, blocks of 16 KiB, checkpointed, no index";

    public StoreSize Measure(StoreStaging staging, string folder)
    {
        var tries = new List<(long, string)>();
        var path = Path.Combine(folder, "transactions.duckdb");
        foreach (var layout in staging.Layouts)
        {
            foreach (var compression in Compressions)
            {
                File.Delete(path);
                staging.Execute($"ATTACH '{path}' AS stored (STORAGE_VERSION 'latest', BLOCK_SIZE 16384)");
                staging.Execute($"PRAGMA force_compression='{compression}'");
                staging.Execute($"CREATE TABLE stored.transactions AS {layout.Select}");
                staging.Execute("CHECKPOINT stored");
                staging.Execute("DETACH stored");
                tries.Add((new FileInfo(path).Length, $"{layout.Name} {compression}"));
            }
        }

        return StoreSize.Best(tries);
    }
}
