namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>The objects of one run, one after the other.</summary>
internal sealed class ImportRun(IBlobStore store, ArchiveImportOptions options, ImportLedger ledger, ImportMeter meter) : IDisposable
{
    private ImportSpool? _spool;
    private int _files;
    private long _fileBytes;
    private long _jsonBytes;
    private long _objectBytes;
    private Lsn _first;
    private Lsn _last;

    /// <summary>Takes a file.</summary>
    public async ValueTask AppendAsync(ImportFile file, IReadOnlyList<ImportRecord> records, CancellationToken cancellationToken)
    {
        var spool = _spool ??= new ImportSpool(options, ledger.NextLsn);
        _fileBytes += file.Length;
        _files++;
        meter.Transactions += spool.Append(file, records, cancellationToken);
        if (spool.IsFull)
        {
            await EndObjectAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the object that is being made, if there is one.</summary>
    public async ValueTask EndObjectAsync(CancellationToken cancellationToken)
    {
        if (_spool is not { } spool)
        {
            return;
        }

        await ledger.WriteAsync(spool.FirstLsn, spool.LastLsn, spool.Entries, cancellationToken).ConfigureAwait(false);
        _objectBytes += await spool.StoreAsync(store, cancellationToken).ConfigureAwait(false);
        ledger.Commit(spool.LastLsn, spool.Entries);
        _jsonBytes += spool.JsonBytes;
        _first = _first == Lsn.None ? spool.FirstLsn : _first;
        _last = spool.LastLsn;
        meter.Objects++;
        spool.Dispose();
        _spool = null;
    }

    public ArchiveImportReport Report(int filesBefore, bool isComplete) => new(
        _files, filesBefore, meter.Transactions, _fileBytes, _jsonBytes, meter.Objects, _objectBytes, _first, _last, meter.Problems, isComplete);

    public void Dispose() => _spool?.Dispose();
}
