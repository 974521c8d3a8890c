using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Scorecard;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Benchmarks.Areas.Storage;

/// <summary>How long one transaction is looked for by its signature when its day is cold: through the planner and the archive's index, projected into the row that the hot tier had.</summary>
internal static class ColdLookup
{
    private const int Lookups = 200;
    private const int WarmUp = 10;

    /// <summary>Archives a million transactions and looks for some.</summary>
    /// <param name="block">What they are made of.</param>
    /// <exception cref="InvalidOperationException">One was not found.</exception>
    public static async Task<Measure> RunAsync(ArchiveInput block)
    {
        using var archive = new LookupArchive(new TransactionCloner([block]));
        var scratch = Directory.CreateTempSubdirectory("mev-cold-");
        try
        {
            await PutCatalogueAsync(archive.Store).ConfigureAwait(false);
            var catalogue = new TierCatalogueStore(archive.Store);
            using var cold = new ArchiveHistoryStore(new ArchiveColdTier(new ArchiveSet(archive.Store)), catalogue, new ArchiveHistoryOptions { ScratchDirectory = scratch.FullName });
            using var counts = new DuckDbStore(new DuckDbOptions { Path = Path.Combine(scratch.FullName, "hot.duckdb") });
            var reader = new HistoryReader(new HistoryPlanner([cold]), counts, catalogue);
            var picked = archive.Samples.ToArray();
            new Random(5).Shuffle(picked);
            var times = new double[Lookups];
            for (var i = -WarmUp; i < Lookups; i++)
            {
                var signature = picked[i + WarmUp];
                var started = Stopwatch.GetTimestamp();
                var row = await reader.FindTransactionAsync(signature).ConfigureAwait(false);
                var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                if (row?.Signature != signature)
                {
                    throw new InvalidOperationException($"{signature} is archived and was not found.");
                }

                if (i >= 0)
                {
                    times[i] = elapsed;
                }
            }

            Array.Sort(times);
            return new Measure
            {
                Name = "storage.lookup.cold",
                Value = times[Lookups / 2],
                Unit = "ms p50",
                LessIsBetter = true,
                Note = string.Create(
                    CultureInfo.InvariantCulture,
                    $"archive objects in a folder, in the page cache; {Lookups} different signatures out of {LookupArchive.Transactions} transactions in {LookupArchive.Objects} objects of together {archive.Bytes} B, one after the other, the whole row as the hot tier had it, projected anew; p99 {times[Lookups * 99 / 100]:F0} ms"),
            };
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    // As the mover leaves it when the day's rows are gone: the archive answers for it.
    private static async Task PutCatalogueAsync(FolderBlobStore store)
    {
        var set = new ArchiveSet(store);
        var entries = await set.RefreshAsync().ConfigureAwait(false);
        var partitions = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var info = (await set.OpenAsync(entry).ConfigureAwait(false)).Info;
            partitions.Add(TierPartition.OfSlot(info.FirstSlot).ToString());
            partitions.Add(TierPartition.OfSlot(info.LastSlot).ToString());
        }

        var cold = partitions.Select(partition => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"partition":"{{partition}}","tier":"Cold","rows":{{LookupArchive.Transactions}},"firstLsn":{{entries[0].FirstLsn.Value}},"lastLsn":{{entries[^1].LastLsn.Value}},"parts":[]}"""));
        using var json = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"version":1,"pins":[],"partitions":[{{string.Join(',', cold)}}]}"""));
        await store.WriteAsync(TierCatalogueStore.BlobName, json, BlobCondition.IfAbsent).ConfigureAwait(false);
    }
}
