using System.Globalization;
using Mev.Sdk.Benchmarks.Children;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>ClickHouse's MergeTree with ZSTD codecs, by the engine itself in a process of its own.</summary>
internal sealed class ClickHouseStore : IStore
{
    private const int Level = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private string _version = "";

    public string Name => "clickhouse";

    public string Product => $"ClickHouse {_version} MergeTree ORDER BY (slot, index_in_block), CODEC(ZSTD({Level})) on every column, compressed blocks of up to 16 MiB, OPTIMIZE FINAL, bytes_on_disk of the active part";

    public StoreSize Measure(StoreStaging staging, string folder)
    {
        var library = ChdbLibrary.Locate();
        var tries = new List<string>();
        var script = new List<string> { "SELECT version()" };
        foreach (var layout in staging.Layouts)
        {
            var file = Path.Combine(folder, layout.Name.Replace('+', '-') + ".parquet");
            staging.Execute($"COPY ({layout.Select}) TO '{file}' (FORMAT parquet, COMPRESSION uncompressed)");
            var columns = staging.Describe(layout);
            foreach (var (part, wide) in ((string, long)[])[("wide", 0), ("compact", 1_000_000_000_000)])
            {
                Add(script, columns, file, wide, lowCardinality: false);
                tries.Add($"{layout.Name} {part}");
                if (layout.Name == "nested")
                {
                    Add(script, columns, file, wide, lowCardinality: true);
                    tries.Add($"{layout.Name} {part} LowCardinality lists");
                }
            }
        }

        var answers = Run(library, Path.Combine(folder, "store"), Path.Combine(folder, "script.sql"), script);
        _version = answers[0];
        return StoreSize.Best([.. answers.Skip(1).Where(static answer => answer.Length > 0).Zip(tries, static (answer, how) => (long.Parse(answer, CultureInfo.InvariantCulture), how))]);
    }

    private static void Add(List<string> script, IReadOnlyList<(string Name, string Type)> columns, string file, long wide, bool lowCardinality)
    {
        script.Add("DROP TABLE IF EXISTS transactions SYNC");
        script.Add(
            $"CREATE TABLE transactions ({string.Join(", ", columns.Select(column => $"{column.Name} {TypeOf(column.Type, lowCardinality)} CODEC(ZSTD({Level}))"))}) "
            + "ENGINE = MergeTree ORDER BY (slot, index_in_block) "
            + string.Create(CultureInfo.InvariantCulture, $"SETTINGS min_bytes_for_wide_part = {wide}, min_rows_for_wide_part = {wide}, min_compress_block_size = 16777216, max_compress_block_size = 16777216"));
        script.Add($"INSERT INTO transactions SELECT * FROM file('{file}', Parquet)");
        script.Add("OPTIMIZE TABLE transactions FINAL");
        script.Add("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'transactions'");
    }

    private static string TypeOf(string type, bool lowCardinality) => type switch
    {
        _ when type.EndsWith("[]", StringComparison.Ordinal) => $"Array({ElementOf(type[..^2], lowCardinality)})",
        "BLOB" or "VARCHAR" => "String",
        _ => ElementOf(type, lowCardinality: false),
    };

    private static string ElementOf(string type, bool lowCardinality) => type switch
    {
        "BLOB" or "VARCHAR" => lowCardinality ? "LowCardinality(String)" : "String",
        "UTINYINT" => "UInt8",
        "USMALLINT" => "UInt16",
        "UINTEGER" => "UInt32",
        "UBIGINT" => "UInt64",
        _ => throw new InvalidOperationException($"The store measures map no {type} to ClickHouse."),
    };

    // Only statements that print something answer with text; the others with an empty line.
    private static List<string> Run(string library, string folder, string scriptFile, List<string> script)
    {
        File.WriteAllText(scriptFile, string.Join(ClickHouseChild.Separator, script));
        using var child = ChildProcess.StartSelf(ClickHouseChild.Name, library, folder, scriptFile);
        var answers = new List<string>();
        foreach (var statement in script)
        {
            var answer = child.ReadLine(Patience);
            if (answer.StartsWith(ClickHouseChild.Failed, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"ClickHouse: {answer[ClickHouseChild.Failed.Length..]} ({statement[..Math.Min(statement.Length, 80)]})");
            }

            if (answer.Length > 0)
            {
                answers.Add(answer);
            }
        }

        return answers;
    }
}
