using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Tests.Queries;

public sealed class TieredHistoryStoreTests
{
    private const ulong Day = TierPartition.SlotsPerDay;

    [Fact]
    public async Task Each_tier_answers_for_what_the_catalogue_gives_it()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        using var blobs = new FolderBlobStore(folder.Path);
        var catalogue = new TierCatalogueStore(blobs);
        var table = HistoryTables.Transactions;
        var hot = new TieredHistoryStore(new ReferenceStore("hot", HistoryTier.Hot, table, []), catalogue);
        var warm = new TieredHistoryStore(new ReferenceStore("warm", HistoryTier.Warm, table, []), catalogue);
        var cold = new TieredHistoryStore(new ReferenceStore("cold", HistoryTier.Cold, table, []), catalogue);
        Assert.Equal([HistorySpan.All(HistoryRange.Slot)], await hot.GetSpansAsync(table, token));
        Assert.Empty(await warm.GetSpansAsync(table, token));

        await catalogue.ChangeAsync(
            c => c.With(new TierEntry { Partition = new(HistoryRange.Slot, 3), Tier = HistoryTier.Warm })
                .With(new TierEntry { Partition = new(HistoryRange.Slot, 0), Tier = HistoryTier.Cold })
                .With(new TierEntry { Partition = new(HistoryRange.Time, 5), Tier = HistoryTier.Warm }),
            token);
        Assert.Equal([HistorySpan.Slots(Day, (3 * Day) - 1), HistorySpan.Slots(4 * Day, ulong.MaxValue)], await hot.GetSpansAsync(table, token));
        Assert.Equal([HistorySpan.Slots(3 * Day, (4 * Day) - 1)], await warm.GetSpansAsync(table, token));
        Assert.Equal([HistorySpan.Slots(0, Day - 1)], await cold.GetSpansAsync(table, token));

        var metrics = await warm.GetSpansAsync(HistoryTables.PerformanceMetrics, token);
        Assert.Equal([HistorySpan.Times(DateTimeOffset.UnixEpoch.AddDays(5), DateTimeOffset.UnixEpoch.AddDays(6))], metrics);
    }
}
