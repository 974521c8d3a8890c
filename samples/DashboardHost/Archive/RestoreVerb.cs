using System.Globalization;
using Mev.Sdk.DashboardHost.Engine;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary><c>archive restore</c>: builds a database from the archive and, where there is one, the journal; docs/restore.md.</summary>
internal static class RestoreVerb
{
    private const double MegaByte = 1e6;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var arguments = ArchiveArguments.Parse("restore", args, "--to", "--archive", "--journal", "--check");
        var file = arguments["--to"] is { Length: > 0 } to ? Path.GetFullPath(to) : throw new StartupException("archive restore needs --to FILE.duckdb: the database to build, or to go on with.");
        var noted = arguments["--check"] is { Length: > 0 } check ? HistoryManifest.Parse(await File.ReadAllBytesAsync(check, cancellationToken)) : null;
        using var place = ArchivePlace.Open(arguments);
        using var journal = arguments["--journal"] is { Length: > 0 } directory ? JournalReader.Open(directory, place.MasterKeys) : null;
        var log = new ArchivedLog(new ArchiveSet(place.Store, place.Keys), journal);
        using var database = new DuckDbStore(new DuckDbOptions { Path = file });
        RestoreProgress done;
        using (var progress = new ProgressLine<RestoreProgress>(error, Describe))
        {
            done = await HistoryRestore.RunAsync(log, database, noted?.Checkpoint ?? Lsn.None, progress: progress, cancellationToken: cancellationToken);
        }

        var differences = noted?.Compare(await HistoryManifest.TakeAsync(database, done.Checkpoint, cancellationToken: cancellationToken)).ToList() ?? [];
        foreach (var difference in differences)
        {
            await output.WriteLineAsync($"differs: {difference}");
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{done.Records} records up to LSN {done.Checkpoint} in {file}{(noted is null ? "" : $", {differences.Count} differences from the manifest's {noted.Rows} rows")}"));
        return differences.Count > 0 ? ArchiveCommand.Found : 0;
    }

    private static string Describe(RestoreProgress progress) => string.Create(
        CultureInfo.InvariantCulture, $"{progress.Records} records, {progress.Bytes / MegaByte:F1} MB, at LSN {progress.Checkpoint}{(progress.Last == Lsn.None ? "" : $" of {progress.Last}")}");
}
