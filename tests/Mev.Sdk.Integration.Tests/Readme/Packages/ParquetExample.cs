// The regions between the snippet marks are an example of src/Mev.Sdk.Storage.DuckDb/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tiers;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class ParquetExample
{
    public static async Task RunAsync(DuckDbStore hot)
    {
        // snippet-start: program
        using var blobs = new FolderBlobStore("data/tiers");
        using var warm = new ParquetTier(blobs);
        var catalogue = new TierCatalogueStore(blobs);
        using var mover = new TierMover(hot, warm, cold: null, catalogue);
        await mover.RunAsync();                                  // what is older than 30 days becomes files

        var planner = new HistoryPlanner([new TieredHistoryStore(hot, catalogue), new ParquetHistoryStore(warm, catalogue)]);
        var answer = await planner.AskAsync(DashboardQuestions.TopPayers.Query);

        // snippet-end
        GC.KeepAlive(answer);
    }
}
