using Mev.Sdk.Storage.ClickHouse.Internal;

namespace Mev.Sdk.Storage.ClickHouse;

/// <summary>The statements that make the tables, generated from the catalogue <see cref="Relational.HistoryTables"/>; <c>docs/clickhouse.md</c> says why they are as they are.</summary>
/// <remarks>Each can be run again. A <see cref="ClickHouseStore"/> runs them itself when it opens; here they are for reading, and for people who let nobody but themselves make tables.</remarks>
public static class ClickHouseSchema
{
    /// <summary>Version of the tables; it stands in <c>projector_schema</c>.</summary>
    public const int Version = 1;

    /// <summary>The tables on one server.</summary>
    /// <param name="database">The database.</param>
    /// <param name="retentionDays">Days after which the server drops rows; 0 = never.</param>
    /// <returns>Statements in the order in which to run them.</returns>
    /// <exception cref="ArgumentException">The name is none; see <see cref="ClickHouseOptions.Database"/>.</exception>
    public static IReadOnlyList<string> ForServer(string database, int retentionDays = 0) => Make(database, "", retentionDays);

    /// <summary>
    /// The tables on a cluster: replicated ones that hold each shard's rows, named with <c>_local</c> behind, and <c>Distributed</c> ones over them under the names themselves.
    /// </summary>
    /// <param name="database">The database.</param>
    /// <param name="cluster">The cluster's name in the servers' configuration.</param>
    /// <param name="retentionDays">Days after which the servers drop rows; 0 = never.</param>
    /// <returns>Statements in the order in which to run them, on any server of the cluster.</returns>
    /// <exception cref="ArgumentException">A name is none; see <see cref="ClickHouseOptions"/>.</exception>
    public static IReadOnlyList<string> ForCluster(string database, string cluster, int retentionDays = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(cluster);
        return Make(database, cluster, retentionDays);
    }

    private static IReadOnlyList<string> Make(string database, string cluster, int retentionDays)
    {
        var options = new ClickHouseOptions { Url = "http://localhost", Database = database, Cluster = cluster, RetentionDays = retentionDays };
        var problems = string.Join(' ', options.Validate());
        return problems.Length == 0 ? [.. new SchemaText(database, cluster, retentionDays).Statements()] : throw new ArgumentException(problems);
    }
}
