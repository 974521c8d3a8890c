using System.Globalization;
using Mev.Sdk.DashboardHost.Engine;
using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary><c>archive manifest</c>: notes what a database holds, to be compared with one that is built again; docs/restore.md.</summary>
internal static class ManifestVerb
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var arguments = ArchiveArguments.Parse("manifest", args, "--of", "--to");
        var database = arguments["--of"] is { Length: > 0 } of ? Path.GetFullPath(of) : throw new StartupException("archive manifest needs --of FILE.duckdb: the database; no host may have it open.");
        var file = arguments["--to"] is { Length: > 0 } to ? Path.GetFullPath(to) : throw new StartupException("archive manifest needs --to FILE.json: where to note what the database holds.");
        if (!File.Exists(database))
        {
            throw new StartupException($"There is no database {database}.");
        }

        using var store = new DuckDbStore(new DuckDbOptions { Path = database });
        var checkpoint = await store.OpenAsync(cancellationToken);
        HistoryManifest manifest;
        using (var progress = new ProgressLine<HistoryManifestEntry>(error, static entry => $"{entry.Partition} {entry.Table}: {entry.Sum.Rows} rows"))
        {
            manifest = await HistoryManifest.TakeAsync(store, checkpoint, progress, cancellationToken);
        }

        await File.WriteAllBytesAsync(file, manifest.ToJson(), cancellationToken);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{manifest.Rows} rows up to LSN {manifest.Checkpoint} noted in {file}"));
        return 0;
    }
}
