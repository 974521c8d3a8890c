using System.Globalization;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>PostgreSQL: JSONB, and bytes, with the compression that its large values have.</summary>
internal sealed class PostgresStore : IStore
{
    private static readonly string[] Compressions = ["lz4", "pglz"];

    private string _version = "";

    public string Name => "postgres";

    public string Product => $"PostgreSQL {_version}, table, TOAST and primary key (signature), toast_tuple_target 128, after VACUUM FULL";

    public StoreSize Measure(StoreStaging staging, string folder)
    {
        using var server = new PostgresServer(folder);
        _version = server.Version;
        var tries = new List<(long, string)>();
        foreach (var layout in staging.Layouts.Where(static layout => layout.Name != "nested"))
        {
            var columns = staging.Describe(layout);
            var file = Path.Combine(folder, layout.Name + ".csv");
            staging.Execute($"COPY (SELECT {string.Join(", ", columns.Select(Text))} FROM ({layout.Select})) TO '{file}' (FORMAT csv, HEADER false)");
            foreach (var compression in Compressions)
            {
                var size = server.Query(
                    "DROP TABLE IF EXISTS transactions",
                    $"SET default_toast_compression = {compression}",
                    $"CREATE TABLE transactions ({string.Join(", ", columns.Select(Define))}, PRIMARY KEY (signature)) WITH (toast_tuple_target = 128)",
                    $"\\copy transactions FROM '{file}' (FORMAT csv)",
                    "VACUUM FULL transactions",
                    "SELECT pg_total_relation_size('transactions')");
                tries.Add((long.Parse(size, CultureInfo.InvariantCulture), $"{(layout.Name == "json" ? "jsonb" : layout.Name)} {compression}"));
            }
        }

        return StoreSize.Best(tries);
    }

    private static string Text((string Name, string Type) column) => column.Type == "BLOB" ? $"'\\x' || lower(hex({column.Name}))" : column.Name;

    private static string Define((string Name, string Type) column) => column.Name + " " + column.Type switch
    {
        "BLOB" => "bytea",
        "UTINYINT" or "USMALLINT" => "integer",
        "UINTEGER" => "bigint",
        "UBIGINT" when column.Name is "amount_in" or "amount_out" => "numeric(20)",
        "UBIGINT" => "bigint",
        "VARCHAR" when column.Name == "json" => "jsonb",
        var type => throw new InvalidOperationException($"The store measures map no {type} to PostgreSQL."),
    };
}
