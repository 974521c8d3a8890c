using System.Globalization;
using DuckDB.NET.Data;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers.Stores;
using Mev.Sdk.Benchmarks.Scorecard;
using Mev.Sdk.Storage.DuckDb;

namespace Mev.Sdk.Benchmarks.Areas.Storage;

/// <summary>What DuckDB takes as rows, in how many bytes, and how long it looks for one.</summary>
internal static class DuckDbMeasures
{
    public static IEnumerable<Measure> Run(ArchiveInput block) => RunAsync(block).GetAwaiter().GetResult();

    private static async Task<List<Measure>> RunAsync(ArchiveInput block)
    {
        var folder = Directory.CreateTempSubdirectory("mev-duckdb-");
        try
        {
            var options = new DuckDbOptions { Path = Path.Combine(folder.FullName, "history.duckdb") };
            var measures = new List<Measure>();
            ProjectionFigures figures;
            using (var store = new DuckDbStore(options))
            {
                await store.OpenAsync(CancellationToken.None).ConfigureAwait(false);
                using var peer = await OpenPeerAsync(options, Path.Combine(folder.FullName, "peer.duckdb")).ConfigureAwait(false);
                figures = await new ProjectionRace(block).RunAsync(store, peer.StoreAsync, async signatures =>
                    measures.Add(await HotLookup.RunAsync("storage.lookup.hot", store, signatures, "DuckDB, while its write-ahead log is as the projection left it").ConfigureAwait(false))).ConfigureAwait(false);
                if (store.TransactionCount != figures.Rows)
                {
                    throw new InvalidOperationException($"{figures.Rows} transactions were sent, {store.TransactionCount} are stored.");
                }
            }

            var settings = string.Create(CultureInfo.InvariantCulture, $"DuckDB.NET {typeof(DuckDBConnection).Assembly.GetName().Version}, {options.Threads} threads, {options.MemoryMegabytes} MiB");
            measures.Insert(0, figures.ToMeasure(
                "duckdb",
                "DuckDB.NET appender",
                $"Ours: records to rows, every signature looked for, slot records, checkpoint, commit. Peer: the managed appender into the same table, commit; no slot records. {settings}."));

            // Closing has folded the log into the file.
            measures.Insert(1, new Measure
            {
                Name = "storage.bytes.duckdb",
                Value = (double)folder.GetFiles("history.duckdb*").Sum(static file => file.Length) / figures.Rows,
                Unit = "B/transaction",
                LessIsBetter = true,
                Note = string.Create(CultureInfo.InvariantCulture, $"the whole file, closed, after {figures.Rows} transactions, 64 bytes of each being the signature; slots and free blocks included. Clones of a real block's transactions, one payer in twenty new"),
            });
            return measures;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The same tables, made by the store.
    private static async Task<DuckDbAppenderPeer> OpenPeerAsync(DuckDbOptions options, string path)
    {
        using (var tables = new DuckDbStore(new DuckDbOptions { Path = path }))
        {
            await tables.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return new DuckDbAppenderPeer(path, options.MemoryMegabytes, options.Threads, options.WalMegabytes);
    }
}
