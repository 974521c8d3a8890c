using System.Globalization;
using Mev.Sdk.DashboardHost.Engine;
using Mev.Sdk.Storage.Archive.Import;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary><c>archive import DIR</c>: folders of block JSON into the archive.</summary>
internal static class ImportVerb
{
    private const double MegaByte = 1e6;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var arguments = ArchiveArguments.Parse("import", args, "--archive", "--on-bad-file", "--log-id", "--object-megabytes");
        if (arguments.Texts is not [var directory])
        {
            throw new StartupException("archive import needs one folder: archive import DIR.");
        }

        using var place = ArchivePlace.Open(arguments);
        var options = place.Import;
        options.OnBadFile = arguments.Choice("--on-bad-file", options.OnBadFile);
        options.Writer.Key = place.Keys.HasMasterKey ? await place.Keys.GetCurrentAsync(cancellationToken) : null;
        options.LogId = (ushort)Number(arguments, "--log-id", options.LogId, ushort.MaxValue);
        options.ObjectBytes = Number(arguments, "--object-megabytes", options.ObjectBytes >> 20, 65_536) << 20;
        ArchiveImportReport report;
        using (var progress = new ProgressLine<ArchiveImportProgress>(error, Describe))
        {
            report = await new ArchiveImporter(place.Store, options).ImportAsync(directory, progress, cancellationToken);
        }

        foreach (var problem in report.Problems)
        {
            await error.WriteLineAsync($"not taken: {problem}");
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Files} files ({report.FilesBefore} were there before), {report.Transactions} transactions, {report.JsonBytes / MegaByte:F1} MB of JSON in {report.Objects} objects of {report.ObjectBytes / MegaByte:F2} MB{(report.ObjectBytes > 0 ? $" ({(double)report.JsonBytes / report.ObjectBytes:F1}:1)" : "")}, LSN {report.FirstLsn} to {report.LastLsn}, in {place.Directory}"));
        return report.Problems.Count > 0 ? ArchiveCommand.Found : 0;
    }

    private static string Describe(ArchiveImportProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Files}/{progress.FilesTotal} files, {progress.Bytes / MegaByte:F1}/{progress.BytesTotal / MegaByte:F1} MB, {progress.Transactions} transactions, {progress.BytesPerSecond / MegaByte:F1} MB/s, {(progress.Remaining is { } left ? $"{left:hh\\:mm\\:ss} left" : "estimating")}, {progress.Problems} not taken");

    private static long Number(ArchiveArguments arguments, string name, long otherwise, long most) =>
        arguments[name] is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
        : throw new StartupException($"{name} is '{text}'; set 1 to {most}.");
}
