using Mev.Sdk.Storage.Columnar.Internal;
using Mev.Sdk.Storage.Columnar.Parquet;
using Mev.Sdk.Storage.Columnar.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar;

/// <summary>Exports records to Parquet files: one table a file, Zstandard, statistics, row groups sorted by slot and LSN.</summary>
/// <remarks>
/// Thread-safe. Memory is bounded by the options' row group. A file at a path is made whole or not at all. Values that the record calls unknown (times of 0, keys of zeros) are null;
/// <see cref="RecordTable.Records"/> loses nothing.
/// </remarks>
public sealed class ParquetExporter
{
    private readonly Exporter _exporter;

    /// <summary>Makes an exporter.</summary>
    /// <param name="options">How; null = the defaults.</param>
    /// <param name="time">The clock that spaces progress reports; null = the system's.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public ParquetExporter(ColumnarOptions? options = null, TimeProvider? time = null) =>
        _exporter = new Exporter((options ?? new ColumnarOptions()).Checked(), time ?? TimeProvider.System);

    /// <summary>Exports what a log holds now.</summary>
    /// <param name="log">The log.</param>
    /// <param name="table">Which table.</param>
    /// <param name="path">The file to make.</param>
    /// <param name="range">What of it; default everything.</param>
    /// <param name="progress">Told about five times a second; null = nobody.</param>
    /// <param name="cancellationToken">Gives up; no file is left.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="IOException">The file is there already and may not be replaced, or cannot be written.</exception>
    /// <exception cref="InvalidDataException">The log is damaged.</exception>
    public ValueTask<ExportResult> ExportAsync(
        IRecordLog log, RecordTable table, string path, ExportRange range = default, IProgress<ExportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        var rows = RecordRows.Of(table, _exporter.Options.IncludeRaw);
        return WriteAsync(Exporter.ReadAsync(log, rows, range, cancellationToken), rows, path, range, progress, cancellationToken);
    }

    /// <summary>Exports records.</summary>
    /// <param name="records">Batches in LSN order; each is released.</param>
    /// <param name="table">Which table.</param>
    /// <param name="path">The file to make.</param>
    /// <param name="range">Records outside it are left out; default none.</param>
    /// <param name="progress">Told about five times a second; null = nobody.</param>
    /// <param name="cancellationToken">Gives up; no file is left.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="IOException">The file is there already and may not be replaced, or cannot be written.</exception>
    public ValueTask<ExportResult> ExportAsync(
        IAsyncEnumerable<RecordBatch> records, RecordTable table, string path, ExportRange range = default, IProgress<ExportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        return WriteAsync(records, RecordRows.Of(table, _exporter.Options.IncludeRaw), path, range, progress, cancellationToken);
    }

    /// <summary>Exports records to a stream, which stays open.</summary>
    /// <param name="records">Batches in LSN order; each is released.</param>
    /// <param name="table">Which table.</param>
    /// <param name="output">Where the file goes; only written to.</param>
    /// <param name="range">Records outside it are left out; default none.</param>
    /// <param name="progress">Told about five times a second; null = nobody.</param>
    /// <param name="cancellationToken">Gives up; what was written so far cannot be read.</param>
    /// <returns>What was made.</returns>
    public ValueTask<ExportResult> ExportAsync(
        IAsyncEnumerable<RecordBatch> records, RecordTable table, Stream output, ExportRange range = default, IProgress<ExportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(output);
        var rows = RecordRows.Of(table, _exporter.Options.IncludeRaw);
        return _exporter.ExportAsync(records, rows, Begin(output, rows), range, progress, cancellationToken);
    }

    private ValueTask<ExportResult> WriteAsync(
        IAsyncEnumerable<RecordBatch> records, RecordRows rows, string path, ExportRange range, IProgress<ExportProgress>? progress, CancellationToken cancellationToken) =>
        WholeFile.WriteAsync(path, _exporter.Options.Overwrite, output => _exporter.ExportAsync(records, rows, Begin(output, rows), range, progress, cancellationToken));

    private ParquetFile Begin(Stream output, RecordRows rows) => new(output, rows.Name, rows.Columns, rows.SortColumns, _exporter.Options.CompressionLevel);
}
