using System.Globalization;
using System.Text.Json;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>
/// Which files are in the archive: beside every imported object a small blob, <c>imports/&lt;log id&gt;/&lt;first LSN&gt;-&lt;last LSN&gt;</c>, that lists them. It is written before the object and counts only
/// when the object is there, so that an import that was killed goes on exactly behind what it had finished.
/// </summary>
internal sealed class ImportLedger
{
    private readonly IBlobStore _store;
    private readonly ushort _logId;
    private readonly HashSet<(string, long, long)> _files = [];

    private ImportLedger(IBlobStore store, ushort logId) => (_store, _logId) = (store, logId);

    /// <summary>The first LSN that is free.</summary>
    public Lsn NextLsn { get; private set; }

    /// <summary>Reads what is there.</summary>
    public static async ValueTask<ImportLedger> OpenAsync(IBlobStore store, ushort logId, CancellationToken cancellationToken)
    {
        var ledger = new ImportLedger(store, logId) { NextLsn = Lsn.Create(logId, 1) };
        await foreach (var blob in store.ListAsync(ArchiveNames.PrefixOf(logId), cancellationToken).ConfigureAwait(false))
        {
            if (!ArchiveNames.TryParse(blob.Name, out var first, out var last))
            {
                continue;
            }

            ledger.NextLsn = last >= ledger.NextLsn ? last.Add(1) : ledger.NextLsn;
            foreach (var entry in await ledger.ReadAsync(NameOf(logId, first, last), cancellationToken).ConfigureAwait(false))
            {
                ledger._files.Add((entry.Name, entry.Length, entry.Ticks));
            }
        }

        return ledger;
    }

    /// <summary>What the names of all notes about imports into a log id begin with.</summary>
    public static string PrefixOf(ushort logId) => string.Create(CultureInfo.InvariantCulture, $"imports/{logId:x4}/");

    /// <summary>Whether a file is in the archive, unchanged since.</summary>
    public bool Contains(ImportFile file) => _files.Contains((file.Name, file.Length, file.Ticks));

    /// <summary>Notes the files of an object that is about to be written.</summary>
    public async ValueTask WriteAsync(Lsn first, Lsn last, List<ImportEntry> entries, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(entries, ImportEntryContext.Default.ListImportEntry));
        await _store.WriteAsync(NameOf(_logId, first, last), content, BlobCondition.None, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says that the object was written.</summary>
    public void Commit(Lsn last, List<ImportEntry> entries)
    {
        NextLsn = last.Add(1);
        foreach (var entry in entries)
        {
            _files.Add((entry.Name, entry.Length, entry.Ticks));
        }
    }

    private static string NameOf(ushort logId, Lsn first, Lsn last) =>
        string.Create(CultureInfo.InvariantCulture, $"{PrefixOf(logId)}{first.Value:x16}-{last.Value:x16}.json");

    private async ValueTask<List<ImportEntry>> ReadAsync(string name, CancellationToken cancellationToken)
    {
        if (await _store.GetInfoAsync(name, cancellationToken).ConfigureAwait(false) is not { } info)
        {
            // Somebody else writes objects with this log id.
            throw new InvalidOperationException(
                $"The archive has an object of log id {_logId} that no import has made ('{name}' is missing). Give the import a log id of its own: Mev:Storage:Archive:Import:{nameof(ArchiveImportOptions.LogId)}.");
        }

        var content = new byte[info.Length];
        await _store.ReadAsync(name, 0, content, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(content, ImportEntryContext.Default.ListImportEntry) ?? [];
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"'{name}', which says what was imported, is damaged: {damaged.Message}", damaged);
        }
    }
}
