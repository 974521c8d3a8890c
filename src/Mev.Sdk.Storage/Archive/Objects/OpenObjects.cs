using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>The objects of a store that are open: each version of each once, as many as fit. Thread-safe.</summary>
/// <remarks>By name, length and mark of the store: an object that was replaced is another one once the store was listed anew.</remarks>
internal sealed class OpenObjects(IBlobStore store, ArchiveKeys? keys, ReaderCache cache, long maxBytes)
{
    /// <summary>Objects that a walk opens at a time.</summary>
    private const int Ahead = 8;

    private readonly ByteBoundCache<ArchiveEntry, ObjectFile> _files = new(maxBytes, static file => file.Bytes);

    // Where the indexes of those begin that were opened before: then one request is enough.
    private readonly ConcurrentDictionary<ArchiveEntry, long> _indexes = new();

    /// <summary>Objects whose place of indexes is known.</summary>
    public int KnownPlaces => _indexes.Count;

    /// <summary>Forgets what it knows of objects that are not there any more.</summary>
    public void KeepOnly(IEnumerable<ArchiveEntry> entries)
    {
        var there = entries.ToHashSet();
        foreach (var entry in _indexes.Keys.Where(entry => !there.Contains(entry)))
        {
            _indexes.TryRemove(entry, out _);
            _files.Remove(entry);
        }
    }

    /// <summary>Opens an object.</summary>
    /// <param name="entry">Which.</param>
    /// <param name="isWalk">Whether many are opened one after the other: then one that does not fit is not kept, and takes no other one's place.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public ValueTask<ObjectFile> OpenAsync(ArchiveEntry entry, bool isWalk, CancellationToken cancellationToken) =>
        _files.GetAsync(entry, () => OpenAsync(entry), cancellationToken, displaces: !isWalk);

    /// <summary>Opens an object, or tells what is wrong with it.</summary>
    /// <returns>Null when that was told.</returns>
    public ValueTask<ObjectFile?> TryOpenAsync(ArchiveEntry entry, bool isWalk, Action<ArchiveDamage>? onDamage, CancellationToken cancellationToken) =>
        TryAsync(entry, OpenAsync(entry, isWalk, cancellationToken).AsTask(), onDamage);

    /// <summary>As <see cref="TryOpenAsync"/>, out of the store, whatever is in memory.</summary>
    public ValueTask<ObjectFile?> TryOpenAnewAsync(ArchiveEntry entry, Action<ArchiveDamage> onDamage, CancellationToken cancellationToken) =>
        TryAsync(entry, OpenAnewAsync(entry, cancellationToken), onDamage);

    /// <summary>Opens objects in their order, some at a time.</summary>
    /// <param name="entries">Which.</param>
    /// <param name="isWalk">Whether all will be looked at; else each is opened when it is asked for.</param>
    /// <param name="onDamage">Told, on the reader's thread, of those that cannot be opened, which are left out; an exception when null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<(ArchiveEntry Entry, ObjectFile File)> OpenAllAsync(
        IEnumerable<ArchiveEntry> entries, bool isWalk, Action<ArchiveDamage>? onDamage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var opening = new Queue<(ArchiveEntry Entry, Task<ObjectFile> File)>();
        using var rest = entries.GetEnumerator();
        try
        {
            while (true)
            {
                while (opening.Count < (isWalk ? Ahead : 1) && rest.MoveNext())
                {
                    opening.Enqueue((rest.Current, OpenAsync(rest.Current, isWalk, cancellationToken).AsTask()));
                }

                if (!opening.TryDequeue(out var next))
                {
                    yield break;
                }

                if (await TryAsync(next.Entry, next.File, onDamage).ConfigureAwait(false) is { } file)
                {
                    yield return (next.Entry, file);
                }
            }
        }
        finally
        {
            foreach (var (_, file) in opening)
            {
                // Nobody waits for it any more; what it met is met again by who asks next.
                _ = file.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }
    }

    private async Task<ObjectFile> OpenAsync(ArchiveEntry entry)
    {
        if (_indexes.TryGetValue(entry, out var place))
        {
            return Checked(entry, await ObjectFile.OpenIndexesAsync(store, entry.Name, entry.Length, place, keys, cache, CancellationToken.None).ConfigureAwait(false));
        }

        var file = await OpenAnewAsync(entry, CancellationToken.None).ConfigureAwait(false);
        _indexes[entry] = file.Directory.BlockIndex.Offset;
        return file;
    }

    private async Task<ObjectFile> OpenAnewAsync(ArchiveEntry entry, CancellationToken cancellationToken) =>
        Checked(entry, await ObjectFile.OpenAsync(store, entry.Name, entry.Length, 0, keys, cache, cancellationToken).ConfigureAwait(false));

    // Which objects a reading asks is told by their names: one under another's would be asked for the wrong records, and give them twice.
    private static ObjectFile Checked(ArchiveEntry entry, ObjectFile file) =>
        (file.Directory.FirstLsn, file.Directory.LastLsn) == (entry.FirstLsn.Value, entry.LastLsn.Value)
            ? file
            : throw new ArchiveDamage(
                entry.Name, "the name", 0, 0, $"it holds LSNs {new Lsn(file.Directory.FirstLsn)} to {new Lsn(file.Directory.LastLsn)}: it is another object's, copied or renamed").ToException();

    private static async ValueTask<ObjectFile?> TryAsync(ArchiveEntry entry, Task<ObjectFile> opening, Action<ArchiveDamage>? onDamage)
    {
        try
        {
            return await opening.ConfigureAwait(false);
        }
        catch (InvalidDataException e) when (onDamage is not null)
        {
            var damage = ArchiveDamage.TryGet(e, out var known) ? known : new ArchiveDamage(entry.Name, "the key dictionary", 0, 0, e.Message);
            onDamage(damage with { FirstLsn = entry.FirstLsn, LastLsn = entry.LastLsn });
        }
        catch (Exception e) when (onDamage is not null && e is ArchiveKeyException or BlobNotFoundException)
        {
            onDamage!(new ArchiveDamage(entry.Name, e is ArchiveKeyException ? "the key" : "what it needs", 0, 0, e.Message) { FirstLsn = entry.FirstLsn, LastLsn = entry.LastLsn });
        }

        return null;
    }
}
