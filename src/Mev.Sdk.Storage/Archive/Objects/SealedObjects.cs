using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>The store as the sealer sees it: what is there, and how a whole object gets there.</summary>
internal sealed class SealedObjects(IBlobStore store, ArchiveKeys? keys, ArchiveOptions options, TimeProvider time)
{
    private const int CheckBytes = 1 << 20;

    private readonly int _rootBytes = options.RootBytes;
    private readonly int _leafBytes = options.LeafBytes;
    private readonly ArchiveEncryption _encryption = options.Encryption;
    private readonly byte[]? _dictionaryHash = string.IsNullOrEmpty(options.Dictionary) ? null : Convert.FromHexString(options.Dictionary);
    private KeyDictionary? _dictionary;
    private long _count;

    /// <summary>Objects put.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The last LSN of a log that is there; its object must be one.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public async ValueTask<Lsn> FindLastAsync(ushort logId, CancellationToken cancellationToken)
    {
        var (name, length, end) = ("", 0L, Lsn.None);
        await foreach (var blob in store.ListAsync(ArchiveNames.PrefixOf(logId), cancellationToken).ConfigureAwait(false))
        {
            if (ArchiveNames.TryParse(blob.Name, out _, out var last) && last > end)
            {
                (name, length, end) = (blob.Name, blob.Length, last);
            }
        }

        if (end != Lsn.None)
        {
            await ObjectTail.ReadAsync(store, name, length, tailOffset: 0, cancellationToken).ConfigureAwait(false);
        }

        return end;
    }

    /// <summary>Begins an object.</summary>
    public async ValueTask<SealedObject> BeginAsync(ArchiveSpool spool, CancellationToken cancellationToken)
    {
        if (_dictionaryHash is not null && _dictionary is null)
        {
            _dictionary = await KeyDictionary.LoadAsync(store, _dictionaryHash, cancellationToken).ConfigureAwait(false);
        }

        var writerOptions = new ArchiveWriterOptions
        {
            RootBytes = _rootBytes,
            LeafBytes = _leafBytes,
            Dictionary = _dictionary,
            Key = await GetKeyAsync(cancellationToken).ConfigureAwait(false),
        };
        return new SealedObject(spool.Restart(), writerOptions, time.GetTimestamp());
    }

    /// <summary>Completes an object, puts it into the store and reads it back.</summary>
    /// <exception cref="InvalidDataException">What is in the store under its name is not it.</exception>
    public async ValueTask<ArchiveObjectInfo> PutAsync(SealedObject current, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var info = current.Complete();
        var name = ArchiveNames.Of(info.FirstLsn, info.LastLsn);
        var crc = await ChecksumAsync(current.Stream, cancellationToken).ConfigureAwait(false);
        BlobInfo written;
        try
        {
            current.Stream.Position = 0;
            written = await store.WriteAsync(name, current.Stream, BlobCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobConditionFailedException)
        {
            // Another sealer was first, or this one without hearing of it: what is there must be an object of these records.
            await CheckOtherAsync(name, info, cancellationToken).ConfigureAwait(false);
            return info;
        }

        if (await ChecksumAsync(name, info.Length, cancellationToken).ConfigureAwait(false) != crc)
        {
            await store.DeleteAsync(name, BlobCondition.IfMatch(written.ETag), cancellationToken).ConfigureAwait(false);
            throw new ArchiveDamage(name, "all of it", 0, info.Length, "the store gives back other bytes than were written; it was deleted and is written again").ToException();
        }

        Interlocked.Increment(ref _count);
        ArchiveMetrics.Objects.Add(1);
        ArchiveMetrics.SealDuration.Record(time.GetElapsedTime(started).TotalSeconds);
        return info;
    }

    private async ValueTask<ArchiveKey?> GetKeyAsync(CancellationToken cancellationToken)
    {
        if (_encryption == ArchiveEncryption.Off || (_encryption == ArchiveEncryption.WithMasterKey && keys?.HasMasterKey != true))
        {
            return null;
        }

        return keys?.HasMasterKey == true
            ? await keys.GetCurrentAsync(cancellationToken).ConfigureAwait(false)
            : throw new InvalidOperationException(
                "Mev:Storage:Archive:Encryption is Required, and there is no current master key: set Mev:Storage:Journal:Encryption:CurrentKeyId, or register an IKeyProvider that has one.");
    }

    private async ValueTask CheckOtherAsync(string name, ArchiveObjectInfo mine, CancellationToken cancellationToken)
    {
        var blob = await store.GetInfoAsync(name, cancellationToken).ConfigureAwait(false) ?? throw new BlobNotFoundException(name, $"'{name}' was there and is gone.");
        var tail = await ObjectTail.ReadAsync(store, name, blob.Length, tailOffset: 0, cancellationToken).ConfigureAwait(false);
        if ((tail.Directory.FirstLsn, tail.Directory.LastLsn, tail.Directory.Frames, tail.Directory.FrameBytes) != (mine.FirstLsn.Value, mine.LastLsn.Value, mine.Frames, mine.FrameBytes))
        {
            throw new ArchiveDamage(name, "the directory", tail.Trailer.Directory.Offset, tail.Trailer.Directory.Length, "another object has the name of these records").ToException();
        }
    }

    private static async ValueTask<uint> ChecksumAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[CheckBytes];
        var crc = Crc32C.Initial;
        stream.Position = 0;
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            crc = Crc32C.Append(crc, buffer.AsSpan(0, read));
        }

        return ~crc;
    }

    private async ValueTask<uint> ChecksumAsync(string name, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[(int)Math.Min(length, 8L * CheckBytes)];
        var crc = Crc32C.Initial;
        for (long at = 0; at < length;)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - at));
            await store.ReadAsync(name, at, part, cancellationToken).ConfigureAwait(false);
            crc = Crc32C.Append(crc, part.Span);
            at += part.Length;
        }

        return ~crc;
    }
}
