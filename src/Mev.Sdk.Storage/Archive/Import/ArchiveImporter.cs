using System.Globalization;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>Takes folders of JSON, one <c>getBlock</c> or <c>getTransaction</c> result a file, into an archive, so that the same JSON can be made from it again.</summary>
/// <remarks>
/// <para>
/// Files are <c>*.json</c>, or <c>*.jsonl</c> with a result a line, plain, <c>.gz</c> or <c>.zst</c>, in this folder and below it, in every encoding that nodes offer, with or without an envelope around the result.
/// Records get LSNs of a log id of their own, in the order of slots; those of one file stay together. Before a file counts, its JSON is made again from what will be kept, and compared.
/// </para>
/// <para>
/// An import can be ended at any time and run again: files that are in the archive (same name, length and time of writing) are passed over, and LSNs go on behind the last. One import a log id at a time;
/// a second one fails when it writes an object that is there already. <see cref="ArchiveJson"/> makes the JSON again.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var importer = new ArchiveImporter(new FolderBlobStore("archive"));
/// var report = await importer.ImportAsync("blocks", new Progress&lt;ArchiveImportProgress&gt;(p =&gt; Console.WriteLine($"{p.Files} of {p.FilesTotal} files, {p.Remaining} left")));
/// </code>
/// </example>
public sealed class ArchiveImporter
{
    private readonly IBlobStore _store;
    private readonly ArchiveImportOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes an importer.</summary>
    /// <param name="store">The archive.</param>
    /// <param name="options">How; null = the defaults.</param>
    /// <param name="timeProvider">The clock of rates; null = the system's.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names its key.</exception>
    public ArchiveImporter(IBlobStore store, ArchiveImportOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        options ??= new ArchiveImportOptions();
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        _store = store;
        _options = options.Copy();
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Imports a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="progress">Told about five times a second, and at the end; null = nobody.</param>
    /// <param name="cancellationToken">Ends the import; objects that were written stay, and a later run goes on behind them.</param>
    /// <returns>What was done, and which files could not be taken.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">The archive or the folder cannot be read or written.</exception>
    /// <exception cref="InvalidOperationException">The log id is in use by something that is no import.</exception>
    /// <exception cref="BlobConditionFailedException">Another import with this log id is running.</exception>
    public async ValueTask<ArchiveImportReport> ImportAsync(string directory, IProgress<ArchiveImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        var ledger = await ImportLedger.OpenAsync(_store, _options.LogId, cancellationToken).ConfigureAwait(false);
        var files = ImportFolder.List(directory, _options.MaxFileBytes, cancellationToken);
        var meter = new ImportMeter(_time, progress) { FilesTotal = files.Count, BytesTotal = files.Sum(static file => file.Length) };
        meter.Tell(isEnd: false);
        var before = files.RemoveAll(file => IsDone(file, ledger, meter));
        using var run = new ImportRun(_store, _options, ledger, meter);
        var isComplete = await ImportAsync(files, run, meter, cancellationToken).ConfigureAwait(false);
        await run.EndObjectAsync(cancellationToken).ConfigureAwait(false);
        meter.Tell(isEnd: true);
        return run.Report(before, isComplete);
    }

    private static bool IsDone(ImportFile file, ImportLedger ledger, ImportMeter meter)
    {
        var isDone = ledger.Contains(file);
        if (isDone)
        {
            meter.Done(file, isOfEarlierRun: true);
        }

        return isDone;
    }

    // Later files are read and decoded while the one before is compressed: decoding is most of the work.
    private async ValueTask<bool> ImportAsync(List<ImportFile> files, ImportRun run, ImportMeter meter, CancellationToken cancellationToken)
    {
        var ahead = new Queue<Task<(IReadOnlyList<ImportRecord>? Records, string? Problem)>>();
        try
        {
            for (var i = 0; i < files.Count; i++)
            {
                while (ahead.Count < _options.ParallelFiles && i + ahead.Count < files.Count)
                {
                    ahead.Enqueue(ReadAsync(files[i + ahead.Count], cancellationToken));
                }

                var (records, problem) = await ahead.Dequeue().ConfigureAwait(false);
                if (records is not null)
                {
                    await run.AppendAsync(files[i], records, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    meter.Problems.Add(new ArchiveImportProblem(files[i].Name, problem!));
                }

                meter.Done(files[i], isOfEarlierRun: false);
                if (problem is not null && _options.OnBadFile == BadFileAction.Stop)
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            // Nobody else waits for those that are still being read.
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<(IReadOnlyList<ImportRecord>? Records, string? Problem)> ReadAsync(ImportFile file, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                return ((IReadOnlyList<ImportRecord>?)Read(file, cancellationToken), (string?)null);
            }
            catch (Exception refused) when (refused is FormatException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                return ((IReadOnlyList<ImportRecord>?)null, refused.Message);
            }
        },
        cancellationToken);

    private List<ImportRecord> Read(ImportFile file, CancellationToken cancellationToken)
    {
        var records = new List<ImportRecord>();
        foreach (var (json, line) in ImportFolder.Split(file.Path, ImportFolder.Read(file.Path, _options.MaxFileBytes)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                records.AddRange(ImportDocument.Read(json, line > 0 ? null : ImportFile.SlotIn(file.Name), _options.Stage));
            }
            catch (FormatException broken) when (line > 0)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"document in line {line}: {broken.Message}"), broken);
            }
        }

        return records.Count > 0 ? records : throw new FormatException("there is no document in it");
    }
}
