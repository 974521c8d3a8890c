using System.Globalization;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers.Stores;
using Mev.Sdk.Benchmarks.Scorecard;
using Mev.Sdk.Storage.ClickHouse;
using Mev.Sdk.TestKit;
using OurStore = Mev.Sdk.Storage.ClickHouse.ClickHouseStore;

namespace Mev.Sdk.Benchmarks.Areas.Storage;

/// <summary>What ClickHouse takes as rows, in how many bytes, how long it looks for one, and how soon it answers the dashboard.</summary>
/// <remarks>The engine itself (chdb) behind the HTTP front of the tests: one statement at a time.</remarks>
internal static class ClickHouseMeasures
{
    public static IEnumerable<Measure> Run(ArchiveInput block) => RunAsync(block).GetAwaiter().GetResult();

    private static async Task<List<Measure>> RunAsync(ArchiveInput block)
    {
        var server = await ClickHouseServer.StartAsync().ConfigureAwait(false);
        await using var _ = server.ConfigureAwait(false);
        var measures = new List<Measure>();
        using var store = new OurStore(Options(server, "mev"));
        await store.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        using (var tables = new OurStore(Options(server, "peer")))
        {
            await tables.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        }

        using var peer = new ClickHouseInsertPeer(server, "peer");
        var figures = await new ProjectionRace(block).RunAsync(store, peer.StoreAsync, async signatures =>
            measures.Add(await HotLookup.RunAsync("storage.lookup.warm", store, signatures, "ClickHouse, parts as the inserts and merges left them").ConfigureAwait(false))).ConfigureAwait(false);
        if (store.TransactionCount != figures.Rows)
        {
            throw new InvalidOperationException($"{figures.Rows} transactions were sent, {store.TransactionCount} are stored.");
        }

        var version = await peer.AskAsync("SELECT version()").ConfigureAwait(false);
        measures.Insert(0, figures.ToMeasure(
            "clickhouse",
            "HTTP insert of RowBinary",
            $"Ours: records to rows, every signature looked for, slot records, rows counted again by the server, the range's own row. Peer: records to RowBinary and one insert of it into the same table with the same rollup; no slot records. Both uncompressed over loopback. ClickHouse {version} (chdb), one statement at a time."));
        var bytes = long.Parse(
            await peer.AskAsync("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'mev'").ConfigureAwait(false), CultureInfo.InvariantCulture);
        var parts = await peer.AskAsync("SELECT count() FROM system.parts WHERE active AND database = 'mev' AND table = 'transactions'").ConfigureAwait(false);
        measures.Insert(1, new Measure
        {
            Name = "storage.bytes.clickhouse",
            Value = (double)bytes / figures.Rows,
            Unit = "B/transaction",
            LessIsBetter = true,
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"active parts of all tables, indexes and rollups, after {figures.Rows} transactions, as they lie there ({parts} parts), nothing optimized by hand; 64 bytes of each are the signature. Clones of a real block's transactions, one payer in twenty new"),
        });

        using var asked = new OurStore(Options(server, "asked"));
        measures.Add(await HistoryQuestionMeasures.AskAsync("storage.query.clickhouse", asked, asked).ConfigureAwait(false));
        return measures;
    }

    private static ClickHouseOptions Options(ClickHouseServer server, string database) =>
        new() { Url = server.Url, User = server.User, Password = server.Password, Database = database, Compress = false };
}
