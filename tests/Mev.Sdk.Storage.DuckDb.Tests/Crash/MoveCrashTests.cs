using System.Globalization;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.CrashHost;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Storage.Tests.Queries;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Storage.DuckDb.Tests.Crash;

[Trait("Needs", "kill")]
public sealed class MoveCrashTests
{
    private static readonly HistoryTable[] Tables = [HistoryTables.Transactions, HistoryTables.Outcomes, HistoryTables.Slots];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Kills => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 200 : 5;

    [Fact]
    public async Task Killed_at_any_moment_of_a_move_every_row_is_answered_once_and_the_next_mover_goes_on()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Combine("hot"));
        using var blobs = new FolderBlobStore(folder.Combine("blobs"));
        using var warm = new ParquetTier(blobs);
        var catalogue = new TierCatalogueStore(blobs);
        var expected = new Dictionary<(TierPartition Partition, HistoryTable Table), RowSum>();
        var random = new Random(31);
        var midway = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            for (var i = 0; i < 4; i++)
            {
                Fill(folder.Combine("hot"), new TierPartition(HistoryRange.Slot, (kill * 4) + i + 1), random, expected);
            }

            await CrashProcess.KillAfterAsync(random.Next(0, 900), "move", folder.Path, (kill + 1).ToString(CultureInfo.InvariantCulture));

            // Those of this kill and of the one before: older ones are looked at in the end.
            var now = await catalogue.ReadAsync(Token);
            await AssertAnsweredOnceAsync(expected.Where(pair => pair.Key.Partition.Day > (kill - 1) * 4), now, warm, folder.Combine("hot"));
            midway += now.Mover is not null ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{midway} of {Kills} kills came while a mover worked.");
        using (var mover = new TierMover(new FileSource(folder.Combine("hot")), warm, cold: null, catalogue, timeProvider: new FakeTimeProvider(FileSource.Now.AddHours(Kills + 1))))
        {
            await mover.RunAsync(Token);
        }

        var end = await catalogue.ReadAsync(Token);
        await AssertAnsweredOnceAsync(expected, end, warm, folder.Combine("hot"));
        Assert.Empty(Directory.EnumerateFiles(folder.Combine("hot"), "*", SearchOption.AllDirectories));
        Assert.Equal((Kills * 4, 0), (end.Entries.Count, end.Entries.Count(static entry => entry.IsPending)));

        // What was killed left nothing that no catalogue names.
        Assert.Equal(end.Entries.SelectMany(static entry => entry.Parts).Select(static part => part.Name).Order(), (await warm.ListAsync(Token).ToListAsync(Token)).Order());
    }

    private static void Fill(string hot, TierPartition partition, Random random, Dictionary<(TierPartition Partition, HistoryTable Table), RowSum> expected)
    {
        // Whole before the first mover sees it.
        var staged = Directory.CreateDirectory(Path.Combine(hot, "..", "staged")).FullName;
        Directory.CreateDirectory(Path.Combine(staged, partition.ToString()));
        foreach (var table in Tables)
        {
            using var rows = HistoryData.Generate(table, random, 1500, extremes: false);
            File.WriteAllBytes(FileSource.PathOf(staged, table, partition), rows.Bytes);
            expected[(partition, table)] = default(RowSum).Add(rows);
        }

        Directory.Move(Path.Combine(staged, partition.ToString()), Path.Combine(hot, partition.ToString()));
    }

    private static async Task AssertAnsweredOnceAsync(
        IEnumerable<KeyValuePair<(TierPartition Partition, HistoryTable Table), RowSum>> expected, TierCatalogue catalogue, ParquetTier warm, string hot)
    {
        var source = new FileSource(hot);
        foreach (var ((partition, table), sum) in expected)
        {
            var found = default(RowSum);
            if (catalogue.Find(partition) is { } entry)
            {
                foreach (var part in entry.Parts.Where(part => part.Table == table.Name))
                {
                    await foreach (var rows in warm.ReadAsync(table, part.Name, Token))
                    {
                        found = found.Add(rows);
                    }
                }
            }
            else
            {
                await foreach (var rows in source.ReadAsync(table, partition, Token))
                {
                    found = found.Add(rows);
                }
            }

            Assert.True(sum == found, $"{partition}, {table}: expected {sum}, found {found}.");
        }
    }
}
