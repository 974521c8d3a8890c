using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive;

/// <summary>Reads one archive object out of a store, by ranged requests; docs/archive-format.md, "Reading".</summary>
/// <remarks>
/// <para>Opening costs two requests at most. A transaction by its signature then costs one: that of its block; a range one for each <see cref="ArchiveReaderOptions.ReadAheadBytes"/>.</para>
/// <para>Thread-safe. Decoding is done on the reader's thread.</para>
/// </remarks>
public sealed class ArchiveObject
{
    private readonly ObjectFile _file;

    internal ArchiveObject(ObjectFile file)
    {
        _file = file;
        var trailer = file.Trailer;
        Info = ArchiveObjectInfo.Of(file.Directory, in trailer);
    }

    /// <summary>Its name in the store.</summary>
    public string Name => _file.Name;

    /// <summary>What it holds.</summary>
    public ArchiveObjectInfo Info { get; }

    internal ObjectFile File => _file;

    /// <summary>Opens an object by its name: asks for its length, then as <see cref="OpenAsync(IBlobStore, string, long, ArchiveKeys, long, ArchiveReaderOptions, CancellationToken)"/>.</summary>
    /// <param name="store">Where it is. It stays the caller's.</param>
    /// <param name="name">Its name.</param>
    /// <param name="keys">The archive's keys; null when nothing is encrypted. They stay the caller's.</param>
    /// <param name="options">Read once; defaults when null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The object.</returns>
    /// <exception cref="BlobNotFoundException">There is no such object, or not the key dictionary that it needs.</exception>
    /// <exception cref="InvalidDataException">It is none, or its end is damaged.</exception>
    /// <exception cref="ArchiveKeyException">It is encrypted and its key is not there.</exception>
    public static async ValueTask<ArchiveObject> OpenAsync(
        IBlobStore store, string name, ArchiveKeys? keys = null, ArchiveReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var info = await store.GetInfoAsync(name, cancellationToken).ConfigureAwait(false)
            ?? throw new BlobNotFoundException(name, $"There is no archive object '{name}' in the store.");
        return await OpenAsync(store, name, info.Length, keys, tailOffset: 0, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens an object whose length is known, as every listing tells it: with one request when it is short or the place of its tail is given, else with two.</summary>
    /// <param name="store">Where it is. It stays the caller's.</param>
    /// <param name="name">Its name.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="keys">The archive's keys; null when nothing is encrypted. They stay the caller's.</param>
    /// <param name="tailOffset"><see cref="ArchiveObjectInfo.TailOffset"/> when somebody kept it; 0 = not known.</param>
    /// <param name="options">Read once; defaults when null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The object.</returns>
    /// <exception cref="BlobNotFoundException">There is no such object, or not the key dictionary that it needs.</exception>
    /// <exception cref="InvalidDataException">It is none, or its end is damaged.</exception>
    /// <exception cref="ArchiveKeyException">It is encrypted and its key is not there.</exception>
    public static async ValueTask<ArchiveObject> OpenAsync(
        IBlobStore store, string name, long length, ArchiveKeys? keys, long tailOffset = 0, ArchiveReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var cache = new ReaderCache((options ?? new ArchiveReaderOptions()).Checked());
        return new ArchiveObject(await ObjectFile.OpenAsync(store, name, length, tailOffset, keys, cache, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Reads records in LSN order.</summary>
    /// <param name="range">Which.</param>
    /// <param name="options">What happens at damage; an exception when null.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of consecutive records of one source, which own their memory; each must be released by the reader.</returns>
    /// <exception cref="InvalidDataException">A block is damaged; the message names object, part and offset.</exception>
    public IAsyncEnumerable<RecordBatch> ReadAsync(ArchiveRange range = default, ArchiveReadOptions? options = null, CancellationToken cancellationToken = default) =>
        ArchiveBatches.RecordsOf(ReadArchivedAsync(range, options, cancellationToken), cancellationToken);

    /// <summary>Reads records in LSN order, with what was kept beside them.</summary>
    /// <param name="range">Which.</param>
    /// <param name="options">What happens at damage; an exception when null.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of consecutive records of one source, which own their memory; each must be released by the reader.</returns>
    /// <exception cref="InvalidDataException">A block is damaged; the message names object, part and offset.</exception>
    public IAsyncEnumerable<ArchiveBatch> ReadArchivedAsync(ArchiveRange range = default, ArchiveReadOptions? options = null, CancellationToken cancellationToken = default) =>
        ObjectScan.ReadAsync(_file, range, options?.OnDamage, cancellationToken);

    /// <summary>Finds every sighting of a transaction by any of its signatures, in LSN order.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Batches, mostly of one record; each must be released by the reader. None when the object has no sighting, which costs a request once in 256.</returns>
    /// <exception cref="InvalidDataException">The index or the block is damaged; the message names object, part and offset.</exception>
    public IAsyncEnumerable<RecordBatch> FindAsync(Signature signature, CancellationToken cancellationToken = default) =>
        ArchiveBatches.RecordsOf(FindArchivedAsync(signature, cancellationToken), cancellationToken);

    /// <summary>As <see cref="FindAsync"/>, with what was kept beside the records.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Batches, mostly of one record; each must be released by the reader.</returns>
    /// <exception cref="InvalidDataException">The index or the block is damaged; the message names object, part and offset.</exception>
    public IAsyncEnumerable<ArchiveBatch> FindArchivedAsync(Signature signature, CancellationToken cancellationToken = default) =>
        ObjectSearch.FindAsync(_file, signature, default, onDamage: null, cancellationToken);

    /// <summary>Reads and decodes all of the object, its end too, and compares it with its checksums, digests, indexes and sums.</summary>
    /// <param name="progress">Told after each block.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was looked at, and every damage of what is stored now.</returns>
    /// <exception cref="BlobNotFoundException">The object is not there any more.</exception>
    public async ValueTask<ArchiveVerifyReport> VerifyAsync(IProgress<ArchiveVerifyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var tally = new VerifyTally(progress) { ObjectsTotal = 1, BytesTotal = Info.Length };
        try
        {
            var stored = await _file.ReopenAsync(cancellationToken).ConfigureAwait(false);
            await ObjectVerifier.VerifyAsync(stored, tally, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e) when (ArchiveDamage.TryGet(e, out var damage))
        {
            tally.Add(damage with { FirstLsn = Info.FirstLsn, LastLsn = Info.LastLsn });
        }

        tally.EndObject();
        return tally.ToReport();
    }
}
