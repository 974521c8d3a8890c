using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.DuckDb.Tests.Parquet;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Storage.Tests.Queries;

namespace Mev.Sdk.Storage.DuckDb.Tests.Queries;

public sealed class ParquetDifferenceTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(400, false)]
    [InlineData(1500, true)]
    public async Task Generated_questions_have_the_answers_of_the_reference(int rows, bool extremes)
    {
        var random = new Random(17 + rows);
        using var folder = new TemporaryFolder();
        using var blobs = new FolderBlobStore(folder.Path);
        using var warm = new WarmParts(blobs, new ParquetTierOptions { RowGroupRows = 1024 });
        var planner = new HistoryPlanner([warm.Store]);
        foreach (var table in HistoryDifference.Tables)
        {
            using var buffer = HistoryData.Generate(table, random, rows, extremes);
            await warm.AddAsync(buffer);
            await HistoryDifference.CompareAsync(table, HistoryData.Decode(buffer), planner, random, HistoryDifference.QuestionsPerTable, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Only_partitions_of_the_span_are_opened()
    {
        using var folder = new TemporaryFolder();
        using var blobs = new FolderBlobStore(folder.Path);
        using var warm = new WarmParts(blobs, new ParquetTierOptions());
        using var buffer = HistoryData.Generate(HistoryTables.Slots, new Random(1), 300, extremes: false);
        await warm.AddAsync(buffer);
        var token = TestContext.Current.CancellationToken;
        var planner = new HistoryPlanner([warm.Store]);
        var first = (await warm.Catalogue.ReadAsync(token)).Entries[0];
        var span = new HistorySpan(HistoryRange.Slot, first.Partition.First, first.Partition.Last);

        // Files of all others are gone: who needed one of them would say so.
        foreach (var entry in (await warm.Catalogue.ReadAsync(token)).Entries.Skip(1))
        {
            await warm.Tier.RemoveAsync(entry.Parts[0].Name, token);
        }

        var count = new HistoryQuery { Table = "slots", Span = span, Aggregates = [HistoryAggregate.Count()] };
        Assert.Equal(first.Rows, (long)(await planner.AskAsync(count, cancellationToken: token)).Rows[0][0].AsInteger());
        var failed = await Assert.ThrowsAsync<HistoryStoreException>(async () => await planner.AskAsync(count with { Span = null }, cancellationToken: token));
        Assert.IsType<BlobNotFoundException>(failed.InnerException);
    }
}
