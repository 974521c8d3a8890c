namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>Where ClickHouse's engine is as a library: the npm package chdb brings it whole.</summary>
internal static class ChdbLibrary
{
    private const string Version = "3.4.0";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Finds the library, or installs it once into the user's cache.</summary>
    /// <exception cref="InvalidOperationException">It is not there and cannot be installed; the message says why.</exception>
    public static string Locate()
    {
        if (Environment.GetEnvironmentVariable("MEV_CHDB_LIBRARY") is { Length: > 0 } configured)
        {
            return configured;
        }

        if (!OperatingSystem.IsLinux() || System.Runtime.InteropServices.RuntimeInformation.OSArchitecture != System.Runtime.InteropServices.Architecture.X64)
        {
            throw new InvalidOperationException("chdb's library is looked for on Linux x64 only; set MEV_CHDB_LIBRARY to its path");
        }

        var cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "mev-sdk", "chdb-" + Version);
        var path = Path.Combine(cache, "node_modules", "@chdb", "lib-linux-x64-gnu", "libchdb.so");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(cache);
            Tool.Run(Patience, "npm", "install", "--prefix", cache, "--no-audit", "--no-fund", "--ignore-scripts", "chdb@" + Version);
        }

        return File.Exists(path) ? path : throw new InvalidOperationException($"npm's chdb {Version} brought no {path}");
    }
}
