using static Mev.Sdk.Storage.ClickHouse.Tests.TestStore;

namespace Mev.Sdk.Storage.ClickHouse.Tests;

public sealed class SchemaTests
{
    [Fact]
    public void Note_shows_the_tables_of_transactions_and_of_the_cluster_as_they_are_generated()
    {
        var note = File.ReadAllText(NotePath());
        string[] shown =
        [
            Find(ClickHouseSchema.ForServer("mev"), "mev.transactions\n"),
            Find(ClickHouseSchema.ForServer("mev"), "mev.transactions_to_transactions_per_minute"),
            Find(ClickHouseSchema.ForCluster("mev", "history", retentionDays: 365), "mev.slots_local "),
            Find(ClickHouseSchema.ForCluster("mev", "history", retentionDays: 365), "mev.slots ON"),
        ];
        Assert.All(shown, statement => Assert.Contains($"```sql\n{statement}\n```", note, StringComparison.Ordinal));
    }

    [Fact]
    public void Cluster_has_a_replicated_and_a_distributed_table_for_each_of_the_server()
    {
        var server = ClickHouseSchema.ForServer("mev").Where(static s => s.StartsWith("CREATE TABLE", StringComparison.Ordinal)).ToList();
        var cluster = ClickHouseSchema.ForCluster("mev", "history");
        Assert.Equal(server.Count, cluster.Count(static s => s.Contains("ENGINE = ReplicatedReplacingMergeTree", StringComparison.Ordinal)));
        Assert.Equal(server.Count, cluster.Count(static s => s.Contains("ENGINE = Distributed('history', 'mev'", StringComparison.Ordinal)));
        Assert.All(cluster, static s => Assert.Contains("ON CLUSTER 'history'", s, StringComparison.Ordinal));
        Assert.DoesNotContain(server, static s => s.Contains("TTL", StringComparison.Ordinal) && !s.Contains("transaction_repeats", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => ClickHouseSchema.ForServer("a b"));
        Assert.Throws<ArgumentException>(() => ClickHouseSchema.ForCluster("mev", "it's"));
    }

    [Fact]
    public async Task Tables_keep_their_order_codecs_and_retention_on_the_server()
    {
        var server = await SharedServer.GetAsync();
        var options = SharedServer.Options(server, $"t{Guid.NewGuid():N}");
        options.RetentionDays = 30;
        using var store = new ClickHouseStore(options);
        await store.OpenAsync(TestContext.Current.CancellationToken);
        var created = await TextAsync(server, options.Database, "SHOW CREATE TABLE transactions");
        Assert.Contains("ORDER BY (first_slot, lsn)", created, StringComparison.Ordinal);
        Assert.Contains("TTL stored_at + toIntervalDay(30)", created, StringComparison.Ordinal);
        Assert.Contains("CODEC(NONE)", created, StringComparison.Ordinal);
        await TextAsync(server, "default", $"DROP DATABASE {options.Database} SYNC");
    }

    [Fact]
    public async Task Tables_of_another_version_are_refused()
    {
        await using var test = await OpenAsync();
        await test.TextAsync("INSERT INTO projector_schema (one, schema_version, row_version) VALUES (1, 99, 99)");
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => test.ReopenAsync());
        Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Mev:Storage:ClickHouse:Database", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollups_count_first_sightings_once_and_outcomes_by_their_end()
    {
        await using var test = await OpenAsync();
        await test.ApplyAsync(Transaction(1), Transaction(2, change: static r => r with { TipLamports = 5 }));
        await test.ApplyAsync(Transaction(1, change: static r => r with { Stage = Records.SightingStage.Confirmed }), Transaction(3), Outcome(1, Records.OutcomeStatus.Succeeded, 70), Outcome(2, Records.OutcomeStatus.Failed, -3));
        Assert.Equal("3\t1\t15000", await test.TextAsync("SELECT sum(transactions), sum(tipped), sum(fee_lamports) FROM transactions_per_minute WHERE minute = toDateTime(1699999980, 'UTC')"));
        Assert.Equal("67\t2", await test.TextAsync("SELECT sum(profit_lamports), sum(outcomes) FROM outcomes_per_minute"));
    }

    private static string Find(IReadOnlyList<string> statements, string part) => Assert.Single(statements, s => s.Contains(part, StringComparison.Ordinal) && s.StartsWith("CREATE", StringComparison.Ordinal) && s.IndexOf(part, StringComparison.Ordinal) < 100);

    private static string NotePath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "docs", "clickhouse.md");
    }
}
