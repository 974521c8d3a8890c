using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive;

/// <summary>All archive objects of a store as one archive: finds, reads and verifies across them.</summary>
/// <remarks>
/// <para>It knows the objects that <see cref="RefreshAsync"/> listed last; the first reading lists by itself. Indexes of objects are read when they are needed first, with two requests at most, and kept up to
/// <see cref="ArchiveReaderOptions.IndexCacheBytes"/>; one that had to go is read again with one. A signature is then found with one request, that of its block.</para>
/// <para>Thread-safe.</para>
/// </remarks>
/// <example>
/// <code>
/// var archive = new ArchiveSet(new FolderBlobStore("data/archive"));
/// await foreach (var batch in archive.FindAsync(Signature.Parse("5j7s...")))
/// {
///     // every sighting of the transaction
///     batch.Release();
/// }
/// </code>
/// </example>
public sealed class ArchiveSet
{
    private readonly IBlobStore _store;
    private readonly ArchiveKeys? _keys;
    private readonly ReaderCache _cache;
    private readonly ByteBoundCache<string, ObjectFile> _open;
    private readonly ConcurrentDictionary<string, (long Length, long TailOffset)> _tails = new(StringComparer.Ordinal);
    private IReadOnlyList<ArchiveEntry>? _objects;

    /// <summary>Makes an archive of a store's objects.</summary>
    /// <param name="store">Where they are. It stays the caller's.</param>
    /// <param name="keys">Their keys; null when nothing is encrypted. They stay the caller's.</param>
    /// <param name="options">Read once; defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    public ArchiveSet(IBlobStore store, ArchiveKeys? keys = null, ArchiveReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        options = (options ?? new ArchiveReaderOptions()).Checked();
        (_store, _keys, _cache) = (store, keys, new ReaderCache(options));
        _open = new ByteBoundCache<string, ObjectFile>(options.IndexCacheBytes, static file => file.Bytes);
    }

    /// <summary>The objects as they were listed last, in the order of log ids and LSNs; empty before the first listing.</summary>
    public IReadOnlyList<ArchiveEntry> Objects => Volatile.Read(ref _objects) ?? [];

    /// <summary>Lists the objects anew.</summary>
    /// <param name="cancellationToken">Ends the listing; what was known stays known.</param>
    /// <returns>The objects.</returns>
    public async ValueTask<IReadOnlyList<ArchiveEntry>> RefreshAsync(CancellationToken cancellationToken = default)
    {
        var found = new List<ArchiveEntry>();
        await foreach (var blob in _store.ListAsync(ArchiveNames.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (ArchiveNames.TryParse(blob.Name, out var first, out var last))
            {
                found.Add(new ArchiveEntry(blob.Name, first, last, blob.Length));
            }
        }

        Volatile.Write(ref _objects, found);
        return found;
    }

    /// <summary>Opens one of the objects, sharing what is kept in memory.</summary>
    /// <param name="entry">The object.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The object.</returns>
    /// <exception cref="BlobNotFoundException">It is not there any more, or not the key dictionary that it needs.</exception>
    /// <exception cref="InvalidDataException">Its end is damaged.</exception>
    /// <exception cref="ArchiveKeyException">It is encrypted and its key is not there.</exception>
    public async ValueTask<ArchiveObject> OpenAsync(ArchiveEntry entry, CancellationToken cancellationToken = default) =>
        new(await OpenFileAsync(entry, cancellationToken).ConfigureAwait(false));

    /// <summary>Reads records in LSN order across objects. A record that two objects hold is given once.</summary>
    /// <param name="range">Which.</param>
    /// <param name="options">What happens at damage; an exception when null.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of consecutive records of one source, which own their memory; each must be released by the reader.</returns>
    /// <exception cref="InvalidDataException">An object is damaged; the message names object, part and offset.</exception>
    public IAsyncEnumerable<RecordBatch> ReadAsync(ArchiveRange range = default, ArchiveReadOptions? options = null, CancellationToken cancellationToken = default) =>
        ArchiveBatches.RecordsOf(ReadArchivedAsync(range, options, cancellationToken), cancellationToken);

    /// <summary>As <see cref="ReadAsync"/>, with what was kept beside the records.</summary>
    /// <param name="range">Which.</param>
    /// <param name="options">What happens at damage; an exception when null.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of consecutive records of one source, which own their memory; each must be released by the reader.</returns>
    /// <exception cref="InvalidDataException">An object is damaged; the message names object, part and offset.</exception>
    public async IAsyncEnumerable<ArchiveBatch> ReadArchivedAsync(
        ArchiveRange range = default, ArchiveReadOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var entry in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.LastLsn < range.From || entry.FirstLsn.Value > range.LastLsnValue
                || await TryOpenAsync(entry, options?.OnDamage, cancellationToken).ConfigureAwait(false) is not { } file
                || !range.HoldsSlots(file.Directory.FirstSlot, file.Directory.LastSlot))
            {
                continue;
            }

            await foreach (var batch in ObjectScan.ReadAsync(file, range, options?.OnDamage, cancellationToken).ConfigureAwait(false))
            {
                range = range with { From = batch.Records.LastLsn.Add(1) };
                yield return batch;
            }
        }
    }

    /// <summary>Finds every sighting of a transaction by any of its signatures, in LSN order. A record that two objects hold is given once.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="range">Where to look: objects outside of its LSNs or slots are left out, records within those that are not are given.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Batches, mostly of one record; each must be released by the reader. None when there is no sighting.</returns>
    /// <exception cref="InvalidDataException">An object is damaged; the message names object, part and offset.</exception>
    public IAsyncEnumerable<RecordBatch> FindAsync(Signature signature, ArchiveRange range = default, CancellationToken cancellationToken = default) =>
        ArchiveBatches.RecordsOf(FindArchivedAsync(signature, range, cancellationToken), cancellationToken);

    /// <summary>As <see cref="FindAsync"/>, with what was kept beside the records.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="range">Where to look: objects outside of its LSNs or slots are left out, records within those that are not are given.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Batches, mostly of one record; each must be released by the reader. None when there is no sighting.</returns>
    /// <exception cref="InvalidDataException">An object is damaged; the message names object, part and offset.</exception>
    public async IAsyncEnumerable<ArchiveBatch> FindArchivedAsync(
        Signature signature, ArchiveRange range = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var last = Lsn.None;
        foreach (var entry in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.LastLsn < range.From || entry.FirstLsn.Value > range.LastLsnValue)
            {
                continue;
            }

            var file = await OpenFileAsync(entry, cancellationToken).ConfigureAwait(false);
            if (!range.HoldsSlots(file.Directory.FirstSlot, file.Directory.LastSlot))
            {
                continue;
            }

            await foreach (var batch in ObjectSearch.FindAsync(file, signature, cancellationToken).ConfigureAwait(false))
            {
                if (batch.Records.FirstLsn <= last)
                {
                    batch.Release();
                    continue;
                }

                last = batch.Records.LastLsn;
                yield return batch;
            }
        }
    }

    /// <summary>Reads and decodes every object and compares it with its checksums, digests, indexes and sums.</summary>
    /// <param name="progress">Told after each block.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was looked at, and every damage by object and offset. An object whose key is not there is among them.</returns>
    public async ValueTask<ArchiveVerifyReport> VerifyAsync(IProgress<ArchiveVerifyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var entries = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        var tally = new VerifyTally(progress) { ObjectsTotal = entries.Count, BytesTotal = entries.Sum(static entry => entry.Length) };
        foreach (var entry in entries)
        {
            // Opened anew: what was kept in memory says nothing of what is stored.
            _open.Remove(entry.Name);
            if (await TryOpenAsync(entry, tally.Add, cancellationToken).ConfigureAwait(false) is { } file)
            {
                if ((file.Directory.FirstLsn, file.Directory.LastLsn) != (entry.FirstLsn.Value, entry.LastLsn.Value))
                {
                    tally.Add(new ArchiveDamage(entry.Name, "the name", 0, 0, $"it holds LSNs {new Lsn(file.Directory.FirstLsn)} to {new Lsn(file.Directory.LastLsn)}: it is another object's"));
                }

                await ObjectVerifier.VerifyAsync(file, tally, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                tally.Add(entry.Length, 0);
            }

            tally.EndObject();
        }

        return tally.ToReport();
    }

    private async ValueTask<IReadOnlyList<ArchiveEntry>> ListAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _objects) ?? await RefreshAsync(cancellationToken).ConfigureAwait(false);

    private ValueTask<ObjectFile> OpenFileAsync(ArchiveEntry entry, CancellationToken cancellationToken) => _open.GetAsync(
        entry.Name,
        async () =>
        {
            var hint = _tails.TryGetValue(entry.Name, out var known) && known.Length == entry.Length ? known.TailOffset : 0;
            var file = await ObjectFile.OpenAsync(_store, entry.Name, entry.Length, hint, _keys, _cache, CancellationToken.None).ConfigureAwait(false);
            _tails[entry.Name] = (entry.Length, file.Trailer.TailOffset);
            return file;
        },
        cancellationToken);

    private async ValueTask<ObjectFile?> TryOpenAsync(ArchiveEntry entry, Action<ArchiveDamage>? onDamage, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenFileAsync(entry, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e) when (onDamage is not null)
        {
            var damage = ArchiveDamage.TryGet(e, out var known) ? known : new ArchiveDamage(entry.Name, "the key dictionary", 0, 0, e.Message);
            onDamage(damage with { FirstLsn = entry.FirstLsn, LastLsn = entry.LastLsn });
        }
        catch (Exception e) when (onDamage is not null && e is ArchiveKeyException or BlobNotFoundException)
        {
            onDamage(new ArchiveDamage(entry.Name, e is ArchiveKeyException ? "the key" : "what it needs", 0, 0, e.Message) { FirstLsn = entry.FirstLsn, LastLsn = entry.LastLsn });
        }

        return null;
    }
}
