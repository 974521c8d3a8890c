using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive;

/// <summary>All archive objects of a store as one archive: finds, reads and verifies across them.</summary>
/// <remarks>
/// <para>It knows the objects that <see cref="RefreshAsync"/> listed last; the first reading lists by itself.</para>
/// <para>A search by signature asks the index of every object in its range, eight at a time. An index that is in memory costs nothing, one that was never read two requests at most, one that did not fit into
/// <see cref="ArchiveReaderOptions.IndexCacheBytes"/> one request in every search: that many objects are what the cache is to be sized for, at about 3 bytes a transaction. A block that an index names then costs
/// one request (one block in 256 that do not hold the signature is named too), and one more when its object's root is not in memory.</para>
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
    private readonly OpenObjects _open;
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
        _store = store;
        _open = new OpenObjects(store, keys, new ReaderCache(options), options.IndexCacheBytes);
    }

    /// <summary>The objects as they were listed last, in the order of log ids and LSNs; empty before the first listing.</summary>
    public IReadOnlyList<ArchiveEntry> Objects => Volatile.Read(ref _objects) ?? [];

    /// <summary>Lists the objects anew. One that was replaced since is read anew.</summary>
    /// <param name="cancellationToken">Ends the listing; what was known stays known.</param>
    /// <returns>The objects.</returns>
    public async ValueTask<IReadOnlyList<ArchiveEntry>> RefreshAsync(CancellationToken cancellationToken = default)
    {
        var found = new List<ArchiveEntry>();
        await foreach (var blob in _store.ListAsync(ArchiveNames.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (ArchiveNames.TryParse(blob.Name, out var first, out var last))
            {
                found.Add(new ArchiveEntry(blob.Name, first, last, blob.Length) { ETag = blob.ETag });
            }
        }

        _open.KeepOnly(found);
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
        new(await _open.OpenAsync(entry, isWalk: false, cancellationToken).ConfigureAwait(false));

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
        var scan = new SetScan(_open, await ListAsync(cancellationToken).ConfigureAwait(false), options?.OnDamage);
        await foreach (var batch in scan.ReadAsync(range, cancellationToken).ConfigureAwait(false))
        {
            yield return batch;
        }
    }

    /// <summary>Finds every sighting of a transaction by any of its signatures, in LSN order. A record that two objects hold is given once.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="range">Which of them; objects and blocks outside are not read.</param>
    /// <param name="options">What happens at damage; an exception when null. With <see cref="ArchiveReadOptions.OnDamage"/> the search goes on in other blocks and objects.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Batches, mostly of one record; each must be released by the reader. None when there is no sighting.</returns>
    /// <exception cref="InvalidDataException">An object is damaged; the message names object, part and offset.</exception>
    public IAsyncEnumerable<RecordBatch> FindAsync(
        Signature signature, ArchiveRange range = default, ArchiveReadOptions? options = null, CancellationToken cancellationToken = default) =>
        ArchiveBatches.RecordsOf(FindArchivedAsync(signature, range, options, cancellationToken), cancellationToken);

    /// <summary>As <see cref="FindAsync"/>, with what was kept beside the records.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="range">Which of them; objects and blocks outside are not read.</param>
    /// <param name="options">What happens at damage; an exception when null. With <see cref="ArchiveReadOptions.OnDamage"/> the search goes on in other blocks and objects.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Batches, mostly of one record; each must be released by the reader. None when there is no sighting.</returns>
    /// <exception cref="InvalidDataException">An object is damaged; the message names object, part and offset.</exception>
    public async IAsyncEnumerable<ArchiveBatch> FindArchivedAsync(
        Signature signature, ArchiveRange range = default, ArchiveReadOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var entries = await ListAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var batch in SetSearch.FindAsync(_open, entries, signature, range, options?.OnDamage, cancellationToken).ConfigureAwait(false))
        {
            yield return batch;
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
            if (await _open.TryOpenAnewAsync(entry, tally.Add, cancellationToken).ConfigureAwait(false) is { } file)
            {
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
}
