using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>The object that an import is making, in a file that is gone when it is closed.</summary>
internal sealed class ImportSpool : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly FileStream _file;
    private readonly ArchiveWriter _writer;
    private readonly ArchiveImportOptions _options;
    private Lsn _next;
    private long _bytes;

    public ImportSpool(ArchiveImportOptions options, Lsn first)
    {
        _options = options;
        _next = first;
        var folder = string.IsNullOrWhiteSpace(options.SpoolDirectory) ? Path.GetTempPath() : Directory.CreateDirectory(options.SpoolDirectory).FullName;
        var path = Path.Combine(folder, $"import-{Guid.NewGuid():N}.tmp");
        var settings = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = BufferBytes, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
        {
            settings.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(path, settings);
        _writer = new ArchiveWriter(_file, options.Writer);
    }

    public List<ImportEntry> Entries { get; } = [];

    public Lsn FirstLsn => _writer.FirstLsn;

    public Lsn LastLsn => _writer.LastLsn;

    public bool IsFull => _bytes >= _options.ObjectBytes;

    public long JsonBytes { get; private set; }

    /// <summary>Appends a file's records.</summary>
    /// <returns>How many transactions there are among them.</returns>
    public int Append(ImportFile file, IReadOnlyList<ImportRecord> records, CancellationToken cancellationToken)
    {
        Entries.Add(new ImportEntry(file.Name, file.Length, file.Ticks, _next.Value));
        var transactions = 0;
        foreach (var (frame, residual, jsonBytes) in records)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FrameWriter.Stamp(frame, _next.Counter, 0);
            _writer.Append(_next, _options.SourceId, _options.LogId, frame, residual, jsonBytes);
            _next = _next.Add(1);
            _bytes += frame.Length + residual.Length;
            JsonBytes += jsonBytes;
            transactions += new RecordView(Lsn.None, frame).Header.TemplateId == TemplateIds.Block ? 0 : 1;
        }

        return transactions;
    }

    /// <summary>Ends the object and puts it into the store.</summary>
    /// <returns>Its bytes.</returns>
    public async ValueTask<long> StoreAsync(IBlobStore store, CancellationToken cancellationToken)
    {
        _writer.Complete();
        await _file.FlushAsync(cancellationToken).ConfigureAwait(false);
        _file.Position = 0;
        var stored = await store.WriteAsync(ArchiveNames.Of(FirstLsn, LastLsn), _file, BlobCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        return stored.Length;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }
}
