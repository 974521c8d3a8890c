using System.Globalization;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers.Stores;
using Mev.Sdk.Benchmarks.Scorecard;
using Mev.Sdk.Storage.Postgres;
using Npgsql;
using PostgresServer = Mev.Sdk.TestKit.PostgresServer;
using PostgresStore = Mev.Sdk.Storage.Postgres.PostgresStore;

namespace Mev.Sdk.Benchmarks.Areas.Storage;

/// <summary>What PostgreSQL takes as rows, in how many bytes, how long it looks for one, and how soon it answers the dashboard.</summary>
internal static class PostgresMeasures
{
    private static readonly string[] Settings =
        ["shared_buffers=1GB", "max_wal_size=8GB", "wal_compression=lz4", "checkpoint_timeout=30min", "maintenance_work_mem=256MB"];

    public static IEnumerable<Measure> Run(ArchiveInput block) => RunAsync(block).GetAwaiter().GetResult();

    private static async Task<List<Measure>> RunAsync(ArchiveInput block)
    {
        var server = await PostgresServer.StartAsync(null, Settings).ConfigureAwait(false);
        await using var _ = server.ConfigureAwait(false);
        var options = new PostgresOptions { ConnectionString = server.ConnectionString };
        var store = new PostgresStore(options);
        await using var __ = store.ConfigureAwait(false);
        await store.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        var measures = new List<Measure>();
        using var peer = await OpenPeerAsync(server.ConnectionString).ConfigureAwait(false);
        var figures = await new ProjectionRace(block).RunAsync(store, peer.StoreAsync, async signatures =>
            measures.Add(await HotLookup.RunAsync("storage.lookup.hot.postgres", store, signatures, "PostgreSQL, keys, words and stage joined").ConfigureAwait(false))).ConfigureAwait(false);
        if (store.TransactionCount != figures.Rows)
        {
            throw new InvalidOperationException($"{figures.Rows} transactions were sent, {store.TransactionCount} are stored.");
        }

        var version = await ScalarAsync(server.ConnectionString, "SHOW server_version").ConfigureAwait(false);
        measures.Insert(0, figures.ToMeasure(
            "postgres",
            "Npgsql binary COPY",
            $"Ours: records to rows, ids of keys, every signature looked for, slot records, checkpoint, commit. Peer: NpgsqlBinaryImporter into the same partitioned table with the same indexes, ids of keys for nothing, commit; no slot records. PostgreSQL {version}, fsync and synchronous_commit on, {string.Join(", ", Settings)}."));
        measures.Insert(1, await MeasureBytesAsync(server.ConnectionString, figures.Rows).ConfigureAwait(false));

        var asked = new PostgresStore(new PostgresOptions { ConnectionString = server.ConnectionString, Schema = "asked" });
        await using var ___ = asked.ConfigureAwait(false);
        measures.Add(await HistoryQuestionMeasures.AskAsync("storage.query.postgres", asked, asked).ConfigureAwait(false));
        return measures;
    }

    // The same tables a second time, made by the store.
    private static async Task<PostgresCopyPeer> OpenPeerAsync(string connectionString)
    {
        var options = new PostgresOptions { ConnectionString = connectionString, Schema = "peer" };
        var tables = new PostgresStore(options);
        await using (tables.ConfigureAwait(false))
        {
            await tables.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return new PostgresCopyPeer(connectionString, options.Schema);
    }

    private static async Task<Measure> MeasureBytesAsync(string connectionString, long rows)
    {
        const string Total = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'mev'::regnamespace";

        // Indexes of partitions by what they are of, and what is no transaction.
        const string Parts = """
            SELECT string_agg(part || ' ' || bytes, ', ' ORDER BY bytes DESC) FROM (
                SELECT CASE WHEN c.relkind = 'r' AND c.relname ~ '^transactions_rows_' THEN 'rows' WHEN c.relname ~ '^transactions_rows_' THEN regexp_replace(c.relname, '^transactions_rows_[0-9a-z]+_(.*)_idx$', '\1')
                    ELSE split_part(c.relname, '_', 1) END AS part, sum(pg_relation_size(c.oid)) AS bytes
                FROM pg_class c WHERE c.relkind IN ('r', 'i') AND c.relnamespace = 'mev'::regnamespace GROUP BY 1) p WHERE bytes > 1000000
            """;
        var bytes = Convert.ToInt64(await ScalarAsync(connectionString, Total).ConfigureAwait(false), CultureInfo.InvariantCulture);
        var parts = await ScalarAsync(connectionString, Parts).ConfigureAwait(false);
        return new Measure
        {
            Name = "storage.bytes.postgres",
            Value = (double)bytes / rows,
            Unit = "B/transaction",
            LessIsBetter = true,
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"table, all indexes, keys, stages of slots and all else of the schema after {rows} transactions, as they lie there, not vacuumed or rewritten; 64 bytes of each are the signature. Bytes: {parts}. Clones of a real block's transactions, one payer in twenty new"),
        };
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        var connection = new NpgsqlConnection(connectionString);
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync().ConfigureAwait(false);
        var command = connection.CreateCommand();
        await using var __ = command.ConfigureAwait(false);
#pragma warning disable CA2100 // Constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync().ConfigureAwait(false);
    }
}
