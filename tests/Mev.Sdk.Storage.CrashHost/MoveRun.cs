using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.CrashHost;

/// <summary>Moves rows of files into Parquet, and prints how many moves were made.</summary>
internal static class MoveRun
{
    /// <param name="folder">Where all of it is.</param>
    /// <param name="hours">How far its clock is ahead: claims of those who were killed before have run out.</param>
    public static async Task<int> RunAsync(string folder, int hours)
    {
        using var blobs = new FolderBlobStore(Path.Combine(folder, "blobs"));
        using var warm = new ParquetTier(blobs);
        using var mover = new TierMover(new FileSource(Path.Combine(folder, "hot")), warm, cold: null, new TierCatalogueStore(blobs), timeProvider: new AheadTime(FileSource.Now.AddHours(hours)));
        await Console.Out.WriteLineAsync("0 begun");
        while (true)
        {
            await Console.Out.WriteLineAsync($"{await mover.RunAsync()} moved");
            await Task.Delay(20);
        }
    }

    private sealed class AheadTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
