using System.Collections.Concurrent;
using System.Security.Cryptography;
using Mev.Sdk.Storage.Archive.Objects;

namespace Mev.Sdk.Storage.Archive;

/// <summary>The archive keys of a store: small blobs <c>keys/&lt;id&gt;</c>, each wrapped by a master key; docs/archive-format.md, "Keys".</summary>
/// <remarks>
/// <para>Two rotations touch no data. <see cref="RewrapAsync"/> after the master key changed: every archive key is wrapped by the new one, and the old one can go.
/// <see cref="CreateAsync"/>: objects that are written from now on are under another archive key.</para>
/// <para>
/// Thread-safe, also between processes: what is there is changed by conditional writes, and a rotation that was killed is done again. Every key that is written is read back and unwrapped before
/// anything rests on it. After <see cref="Dispose"/> nothing is given any more.
/// </para>
/// </remarks>
public sealed class ArchiveKeys : IDisposable
{
    private const string Folder = "keys/";
    private const string CurrentName = Folder + "current";
    private const int MostTries = 16;

    private readonly ConcurrentDictionary<Guid, ArchiveKey> _keys = [];
    private readonly IBlobStore _store;
    private readonly IKeyProvider _masters;
    private volatile bool _isDisposed;

    /// <summary>Makes the keys of a store usable.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="masterKeys">Wraps and unwraps them. It stays the caller's.</param>
    public ArchiveKeys(IBlobStore store, IKeyProvider masterKeys)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(masterKeys);
        (_store, _masters) = (store, masterKeys);
    }

    /// <summary>Whether there is a current master key, by which new archive keys are wrapped.</summary>
    public bool HasMasterKey => _masters.CurrentKeyId != Guid.Empty;

    /// <summary>The same keys, none of them in memory: what is asked of it is read from the store.</summary>
    internal ArchiveKeys Afresh() => new(_store, _masters);

    /// <summary>Name of a key's blob.</summary>
    /// <param name="keyId">The key.</param>
    /// <returns>The name.</returns>
    public static string GetBlobName(Guid keyId) => $"{Folder}{keyId:N}";

    /// <summary>The key for new objects; the first one is made when there is none.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The key.</returns>
    /// <exception cref="InvalidOperationException">A key would have to be made, and there is no current master key.</exception>
    /// <exception cref="ArchiveKeyException">Its master key is not there, or is another one.</exception>
    /// <exception cref="InvalidDataException">Its blob is damaged.</exception>
    public async ValueTask<ArchiveKey> GetCurrentAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return await ReadCurrentAsync(cancellationToken).ConfigureAwait(false) is var (current, _) && current is { } id
            ? await GetAsync(id, cancellationToken).ConfigureAwait(false)
            : await MakeAsync(replaces: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A key by its id.</summary>
    /// <param name="keyId">Its id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The key, kept for the next who asks.</returns>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    /// <exception cref="ArchiveKeyException">There is no such key, or its master key is not there, or is another one.</exception>
    /// <exception cref="InvalidDataException">Its blob is damaged.</exception>
    public async ValueTask<ArchiveKey> GetAsync(Guid keyId, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        if (_keys.TryGetValue(keyId, out var known))
        {
            return known;
        }

        var name = GetBlobName(keyId);
        var (wrapped, _) = await ReadAsync(name, WrappedArchiveKey.Size, cancellationToken).ConfigureAwait(false)
            ?? throw new ArchiveKeyException(name, keyId, $"The archive key {keyId:N} is not in the store: there is no blob '{name}'. Restore it from a copy; without it what was written under it cannot be read.");
        var key = WrappedArchiveKey.Unwrap(wrapped, name, keyId, _masters);
        return Keep(key);
    }

    /// <summary>Makes another key, which new objects are written under from now on. Objects that are there stay under theirs.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The key.</returns>
    /// <exception cref="InvalidOperationException">There is no current master key.</exception>
    public ValueTask<ArchiveKey> CreateAsync(CancellationToken cancellationToken = default) => MakeAsync(replaces: true, cancellationToken);

    /// <summary>Wraps every archive key that is wrapped by another master key by the current one. No object is touched; run again after a crash, it goes on.</summary>
    /// <param name="cancellationToken">Ends it; what was done stays done.</param>
    /// <returns>How many keys were wrapped anew.</returns>
    /// <exception cref="InvalidOperationException">There is no current master key.</exception>
    /// <exception cref="ArchiveKeyException">A key's old master key is not there; the keys before it are done.</exception>
    /// <exception cref="InvalidDataException">A blob is damaged, or the store gave back something else than was written and got the old bytes again; the keys before it are done.</exception>
    public async ValueTask<int> RewrapAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        var master = GetMaster();
        var count = 0;
        var names = new List<string>();
        await foreach (var blob in _store.ListAsync(Folder, cancellationToken).ConfigureAwait(false))
        {
            names.Add(blob.Name);
        }

        foreach (var name in names)
        {
            if (Guid.TryParseExact(name.AsSpan(Folder.Length), "N", out var id))
            {
                count += await RewrapOneAsync(name, id, master, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }

        await VouchAnewAsync(master, cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>Clears the keys; objects that were opened or begun with them go on working.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (var key in _keys.Values)
        {
            key.Clear();
        }

        _keys.Clear();
    }

    private async ValueTask<bool> RewrapOneAsync(string name, Guid id, Guid master, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            if (await ReadAsync(name, WrappedArchiveKey.Size, cancellationToken).ConfigureAwait(false) is not var (wrapped, etag))
            {
                return false;
            }

            // Also where there is nothing to do: the old master key goes when this ends, so that what is there must unwrap.
            var key = WrappedArchiveKey.Unwrap(wrapped, name, id, _masters);
            try
            {
                if (WrappedArchiveKey.MasterOf(wrapped, name) == master)
                {
                    return false;
                }

                using var content = new MemoryStream(WrappedArchiveKey.Wrap(key, master, _masters, name), writable: false);
                var written = await _store.WriteAsync(name, content, BlobCondition.IfMatch(etag), cancellationToken).ConfigureAwait(false);
                await ProveOrPutBackAsync(name, key, wrapped, written.ETag, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (BlobConditionFailedException) when (tries < MostTries)
            {
                // Somebody else wrapped it meanwhile: look again.
            }
            finally
            {
                key.Clear();
            }
        }
    }

    private async ValueTask<ArchiveKey> MakeAsync(bool replaces, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        var master = GetMaster();
        var id = Guid.NewGuid();
        var key = MakeKey(id);
        var name = GetBlobName(id);
        using (var content = new MemoryStream(WrappedArchiveKey.Wrap(key, master, _masters, name), writable: false))
        {
            var written = await _store.WriteAsync(name, content, BlobCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
            await ProveOrPutBackAsync(name, key, old: null, written.ETag, cancellationToken).ConfigureAwait(false);
        }

        // The key is there, and can be read, before anything names it.
        key = Keep(key);
        for (var tries = 1; ; tries++)
        {
            var current = await ReadCurrentAsync(cancellationToken).ConfigureAwait(false);
            if (current is var (named, _) && named is { } other && !replaces)
            {
                // Somebody else made the first one; this one wraps nothing and is left.
                return await GetAsync(other, cancellationToken).ConfigureAwait(false);
            }

            try
            {
                using var content = new MemoryStream(CurrentArchiveKey.Write(id, master, _masters, CurrentName), writable: false);
                await _store.WriteAsync(CurrentName, content, current is var (_, etag) ? BlobCondition.IfMatch(etag) : BlobCondition.IfAbsent, cancellationToken).ConfigureAwait(false);

                // Read back: it may name another key already, but must name one.
                _ = await ReadCurrentAsync(cancellationToken).ConfigureAwait(false) ?? throw new InvalidDataException($"'{CurrentName}' was written and is not in the store.");
                return key;
            }
            catch (BlobConditionFailedException) when (tries < MostTries)
            {
                // Somebody else moved it meanwhile.
            }
        }
    }

    // What is in the store must give the key back before anything rests on it; else the store gets back what it had.
    private async ValueTask ProveOrPutBackAsync(string name, ArchiveKey key, byte[]? old, string etag, CancellationToken cancellationToken)
    {
        try
        {
            await ProveAsync(name, key, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or ArchiveKeyException)
        {
            try
            {
                if (old is null)
                {
                    await _store.DeleteAsync(name, BlobCondition.IfMatch(etag), CancellationToken.None).ConfigureAwait(false);
                }
                else
                {
                    using var content = new MemoryStream(old, writable: false);
                    await _store.WriteAsync(name, content, BlobCondition.IfMatch(etag), CancellationToken.None).ConfigureAwait(false);
                }
            }
            catch (BlobConditionFailedException)
            {
                // Somebody else wrote it since, and looks at it.
            }

            throw;
        }
    }

    private async ValueTask ProveAsync(string name, ArchiveKey key, CancellationToken cancellationToken)
    {
        var (bytes, _) = await ReadAsync(name, WrappedArchiveKey.Size, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidDataException($"'{name}' was written and is not in the store.");
        var found = WrappedArchiveKey.Unwrap(bytes, name, key.Id, _masters);
        var isSame = found.IsSame(key);
        found.Clear();
        if (!isSame)
        {
            throw new InvalidDataException($"'{name}' holds another key than was written: the store, or who gives the master keys, changes what it gives.");
        }
    }

    private ArchiveKey Keep(ArchiveKey key)
    {
        var kept = _keys.GetOrAdd(key.Id, key);
        if (kept != key)
        {
            key.Clear();
        }

        // Either this sees that it is over, or Dispose sees the key.
        if (_isDisposed)
        {
            kept.Clear();
            ThrowIfDisposed();
        }

        return kept;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    private static ArchiveKey MakeKey(Guid id)
    {
        Span<byte> secret = stackalloc byte[IKeyProvider.KeySize];
        RandomNumberGenerator.Fill(secret);
        var key = new ArchiveKey(id, secret);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    private Guid GetMaster() => _masters.CurrentKeyId is var id && id != Guid.Empty
        ? id
        : throw new InvalidOperationException(
            "An archive key is to be wrapped, and there is no current master key: set Mev:Storage:Journal:Encryption:CurrentKeyId, or register an IKeyProvider that has one.");

    // No id: it is there in the layout that nobody vouches for, and its place is taken as if it were not.
    private async ValueTask<(Guid? Id, string ETag)?> ReadCurrentAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(CurrentName, CurrentArchiveKey.Size, CurrentArchiveKey.UnprovenSize, cancellationToken).ConfigureAwait(false) is not var (bytes, etag))
        {
            return null;
        }

        return (bytes.Length == CurrentArchiveKey.UnprovenSize ? null : CurrentArchiveKey.Read(bytes, CurrentName, _masters), etag);
    }

    // The old master key goes when the wrapping ends: what it vouched for is vouched for by the new one.
    private async ValueTask VouchAnewAsync(Guid master, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            if (await ReadAsync(CurrentName, CurrentArchiveKey.Size, CurrentArchiveKey.UnprovenSize, cancellationToken).ConfigureAwait(false) is not var (bytes, etag)
                || bytes.Length == CurrentArchiveKey.UnprovenSize)
            {
                return;
            }

            var id = CurrentArchiveKey.Read(bytes, CurrentName, _masters);
            if (CurrentArchiveKey.MasterOf(bytes, CurrentName) == master)
            {
                return;
            }

            try
            {
                using var content = new MemoryStream(CurrentArchiveKey.Write(id, master, _masters, CurrentName), writable: false);
                await _store.WriteAsync(CurrentName, content, BlobCondition.IfMatch(etag), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (BlobConditionFailedException) when (tries < MostTries)
            {
                // Somebody else moved it meanwhile.
            }
        }
    }

    // The tag is older than the bytes or of the same age: who writes by it never overwrites what it did not see.
    private ValueTask<(byte[] Bytes, string ETag)?> ReadAsync(string name, int size, CancellationToken cancellationToken) => ReadAsync(name, size, size, cancellationToken);

    private async ValueTask<(byte[] Bytes, string ETag)?> ReadAsync(string name, int size, int orSize, CancellationToken cancellationToken)
    {
        if (await _store.GetInfoAsync(name, cancellationToken).ConfigureAwait(false) is not { } info)
        {
            return null;
        }

        if (info.Length != size && info.Length != orSize)
        {
            throw new InvalidDataException($"'{name}' is damaged: it has {info.Length} bytes instead of {size}. Restore it from a copy.");
        }

        var bytes = new byte[(int)info.Length];
        await _store.ReadAsync(name, 0, bytes, cancellationToken).ConfigureAwait(false);
        return (bytes, info.ETag);
    }
}
