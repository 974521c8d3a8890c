using System.Globalization;
using Mev.Sdk.DashboardHost.Engine;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Columnar;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary><c>archive export</c>: a range of slots as Parquet or Arrow.</summary>
internal static class ExportVerb
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var arguments = ArchiveArguments.Parse("export", args, "--archive", "--to", "--slots", "--table", "--raw");
        var path = arguments["--to"] ?? throw new StartupException("archive export needs --to FILE.parquet or --to FILE.arrow.");
        var table = arguments.Choice("--table", RecordTable.Transactions);
        var options = new ColumnarOptions { IncludeRaw = arguments["--raw"] == "yes" };
        using var place = ArchivePlace.Open(arguments);
        var set = new ArchiveSet(place.Store, place.Keys);
        var slots = arguments.Slots("--slots");
        var records = set.ReadAsync(slots is var (first, last) ? ArchiveRange.OfSlots(first, last) : default, cancellationToken: cancellationToken);
        var range = new ExportRange { FirstSlot = slots?.First ?? 0, LastSlot = slots?.Last ?? 0 };
        ExportResult result;
        using (var progress = new ProgressLine<ExportProgress>(error, Describe))
        {
            result = await (Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".PARQUET" => new ParquetExporter(options).ExportAsync(records, table, path, range, progress, cancellationToken),
                ".ARROW" or ".FEATHER" => new ArrowExporter(options).ExportAsync(records, table, path, ArrowFormat.File, range, progress, cancellationToken),
                ".ARROWS" => new ArrowExporter(options).ExportAsync(records, table, path, ArrowFormat.Stream, range, progress, cancellationToken),
                var other => throw new StartupException($"--to ends with '{other}'; there are .parquet, .arrow (file) and .arrows (stream)."),
            });
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{result.Rows} rows of {table} ({result.RecordsRead} records read), {result.Bytes} bytes in {Path.GetFullPath(path)}"));
        return 0;
    }

    private static string Describe(ExportProgress progress) => string.Create(
        CultureInfo.InvariantCulture, $"{progress.RecordsRead} records read, {progress.Rows} rows, {progress.BytesWritten / 1e6:F1} MB, LSN {progress.Lsn}");
}
