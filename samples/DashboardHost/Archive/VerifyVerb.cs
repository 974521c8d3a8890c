using System.Globalization;
using Mev.Sdk.Storage.Archive;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary><c>archive verify</c>: reads everything and tells what is damaged, with object and offset.</summary>
internal static class VerifyVerb
{
    private const double MegaByte = 1e6;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using var place = ArchivePlace.Open(ArchiveArguments.Parse("verify", args, "--archive"));
        ArchiveVerifyReport report;
        using (var progress = new ProgressLine<ArchiveVerifyProgress>(error, Describe))
        {
            report = await new ArchiveSet(place.Store, place.Keys).VerifyAsync(progress, cancellationToken);
        }

        foreach (var damage in report.Damages)
        {
            await output.WriteLineAsync($"damaged: {damage}");
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{report.Objects} objects, {report.Bytes} bytes, {report.Frames} records read, {report.Damages.Count} damages in {place.Directory}"));
        return report.Damages.Count > 0 ? ArchiveCommand.Found : 0;
    }

    private static string Describe(ArchiveVerifyProgress progress) => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Objects}/{progress.ObjectsTotal} objects, {progress.Bytes / MegaByte:F1}/{progress.BytesTotal / MegaByte:F1} MB, {progress.Frames} records, {progress.Damages} damages");
}
