namespace Mev.Sdk.Architecture.Tests;

/// <summary>Which package may know which: the arrows of the design. A new package starts here.</summary>
internal static class PackageMap
{
    /// <summary>A package, and the packages that its project file may name.</summary>
    public static IReadOnlyDictionary<string, string[]> Knows { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Mev.Sdk.Core"] = [],
        ["Mev.Sdk.Solana"] = ["Mev.Sdk.Core"],
        ["Mev.Sdk.Solana.Ed25519"] = ["Mev.Sdk.Core", "Mev.Sdk.Solana"],
        ["Mev.Sdk.Ingest"] = ["Mev.Sdk.Core"],
        ["Mev.Sdk.Ingest.AspNetCore"] = ["Mev.Sdk.Ingest"],
        ["Mev.Sdk.Ingest.Solana"] = ["Mev.Sdk.Core", "Mev.Sdk.Ingest", "Mev.Sdk.Solana"],
        ["Mev.Sdk.Storage"] = ["Mev.Sdk.Core", "Mev.Sdk.Solana"],
        ["Mev.Sdk.Storage.DuckDb"] = ["Mev.Sdk.Core", "Mev.Sdk.Storage", "Mev.Sdk.Storage.Columnar"],
        ["Mev.Sdk.Storage.Columnar"] = ["Mev.Sdk.Core", "Mev.Sdk.Storage"],
        ["Mev.Sdk.Storage.ClickHouse"] = ["Mev.Sdk.Core", "Mev.Sdk.Storage"],
        ["Mev.Sdk.Storage.S3"] = ["Mev.Sdk.Core", "Mev.Sdk.Storage"],
        ["Mev.Sdk.Storage.AzureBlobs"] = ["Mev.Sdk.Core", "Mev.Sdk.Storage"],
        ["Mev.Sdk.Features"] = ["Mev.Sdk.Core", "Mev.Sdk.Solana"],
        ["Mev.Sdk.Models"] = ["Mev.Sdk.Core", "Mev.Sdk.Features"],
        ["Mev.Sdk.Models.LightGbm"] = ["Mev.Sdk.Core", "Mev.Sdk.Models"],
        ["Mev.Sdk.Simulation"] = ["Mev.Sdk.Core", "Mev.Sdk.Solana"],
    };

    /// <summary>Packages that carry native libraries or a cloud's SDK, so that nobody else pays for them.</summary>
    public static IReadOnlySet<string> Satellites { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "Mev.Sdk.Storage.DuckDb",
        "Mev.Sdk.Models.LightGbm",
        "Mev.Sdk.Solana.Ed25519",
    };

    /// <summary>Everything a package may reach over the arrows of others.</summary>
    public static HashSet<string> Closure(string package)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(Knows[package]);
        while (open.TryPop(out var next))
        {
            if (reached.Add(next))
            {
                foreach (var further in Knows[next])
                {
                    open.Push(further);
                }
            }
        }

        return reached;
    }
}
