using System.Security.Cryptography;
using Mev.Sdk.Storage.Archive.Import;
using Mev.Sdk.Storage.Blobs;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>The store as the sealer sees it: what is there, and how a whole object gets there.</summary>
internal sealed class SealedObjects(IBlobStore store, ArchiveKeys? keys, ArchiveOptions options, TimeProvider time)
{
    private const int MaxReadBytes = 8 << 20;

    private readonly int _rootBytes = options.RootBytes;
    private readonly int _leafBytes = options.LeafBytes;
    private readonly ArchiveEncryption _encryption = options.Encryption;
    private readonly byte[]? _dictionaryHash = string.IsNullOrEmpty(options.Dictionary) ? null : Convert.FromHexString(options.Dictionary);
    private KeyDictionary? _dictionary;
    private long _count;

    /// <summary>Objects put.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Whether imports have put objects under a log id: what they hold was never in the log.</summary>
    public async ValueTask<bool> HasImportsAsync(ushort logId, CancellationToken cancellationToken)
    {
        await foreach (var _ in store.ListAsync(ImportLedger.PrefixOf(logId), cancellationToken).ConfigureAwait(false))
        {
            return true;
        }

        return false;
    }

    /// <summary>The last record of a log that is there. Its object is read and decoded as a whole first: nothing says that whoever put it there lived to look.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="InvalidDataException">The object is damaged, or is not what its name says.</exception>
    /// <exception cref="ArchiveKeyException">It is encrypted and its key is not there.</exception>
    public async ValueTask<LastRecord?> FindLastAsync(ushort logId, CancellationToken cancellationToken)
    {
        var (found, end) = (default(BlobInfo), Lsn.None);
        await foreach (var blob in store.ListAsync(ArchiveNames.PrefixOf(logId), cancellationToken).ConfigureAwait(false))
        {
            if (ArchiveNames.TryParse(blob.Name, out _, out var last) && last > end)
            {
                (found, end) = (blob, last);
            }
        }

        if (end == Lsn.None)
        {
            return null;
        }

        (store as IBlobSync)?.Sync(found.Name);
        var file = await VerifyAsync(found.Name, found.Length, cancellationToken).ConfigureAwait(false);
        await foreach (var batch in ObjectScan.ReadAsync(file, ArchiveRange.OfLsns(end, end), onDamage: null, cancellationToken).ConfigureAwait(false))
        {
            var record = LastRecord.Find(batch.Records, end);
            batch.Release();
            if (record is not null)
            {
                return record;
            }
        }

        throw file.DamageOf(file.Blocks.Length - 1, $"it does not hold the record at LSN {end}, with which it should end").ToException();
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

    /// <summary>Completes an object, puts it into the store, reads it back and opens it with what the store has. After a failure the same object may be put again.</summary>
    /// <exception cref="InvalidDataException">What is in the store under its name is not it.</exception>
    /// <exception cref="ArchiveKeyException">It is there, and the store does not have its key any more.</exception>
    public async ValueTask<ArchiveObjectInfo> PutAsync(SealedObject current, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var info = current.Complete();
        var name = ArchiveNames.Of(info.FirstLsn, info.LastLsn);
        current.Hash ??= await HashAsync(current.Stream, cancellationToken).ConfigureAwait(false);
        BlobInfo stored;
        try
        {
            current.Stream.Position = 0;
            stored = await store.WriteAsync(name, current.Stream, BlobCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobConditionFailedException)
        {
            // This sealer was first without hearing of it, or another one.
            stored = await store.GetInfoAsync(name, cancellationToken).ConfigureAwait(false) ?? throw new BlobNotFoundException(name, $"'{name}' was there and is gone.");
            if (stored.ETag != current.RejectedETag && !await IsItAsync(current, stored, cancellationToken).ConfigureAwait(false))
            {
                await CheckOtherAsync(current, stored, cancellationToken).ConfigureAwait(false);
                return info;
            }
        }

        if (!await IsItAsync(current, stored, cancellationToken).ConfigureAwait(false))
        {
            current.RejectedETag = stored.ETag;
            await store.DeleteAsync(name, BlobCondition.IfMatch(stored.ETag), cancellationToken).ConfigureAwait(false);
            throw new ArchiveDamage(name, "all of it", 0, info.Length, "the store gives back other bytes than were written; it was deleted and is written again").ToException();
        }

        (await OpenAfreshAsync(name, info.Length, info.TailOffset, cancellationToken).ConfigureAwait(false)).GetSignatureIndex();
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

    // What is there must be a whole object of these records, however it is coded.
    private async ValueTask CheckOtherAsync(SealedObject mine, BlobInfo stored, CancellationToken cancellationToken)
    {
        var file = await VerifyAsync(stored.Name, stored.Length, cancellationToken).ConfigureAwait(false);
        using var digest = new RecordDigest();
        await foreach (var batch in ObjectScan.ReadAsync(file, default, onDamage: null, cancellationToken).ConfigureAwait(false))
        {
            digest.Add(batch.Records);
            batch.Release();
        }

        if (!digest.Compute().AsSpan().SequenceEqual(mine.ComputeDigest()))
        {
            throw new ArchiveDamage(stored.Name, "all of it", 0, stored.Length, "another object has the name of these records").ToException();
        }
    }

    // As somebody would who has nothing but the store and the master keys, and decodes all of it.
    private async ValueTask<ObjectFile> VerifyAsync(string name, long length, CancellationToken cancellationToken)
    {
        var file = await OpenAfreshAsync(name, length, tailOffset: 0, cancellationToken).ConfigureAwait(false);
        var directory = file.Directory;
        if (ArchiveNames.Of(new Lsn(directory.FirstLsn), new Lsn(directory.LastLsn)) != name)
        {
            throw Damage($"it holds LSNs {new Lsn(directory.FirstLsn)} to {new Lsn(directory.LastLsn)}: it is another object's name");
        }

        if (_encryption == ArchiveEncryption.Required && !directory.Header.IsEncrypted)
        {
            throw Damage("it is not encrypted, and Mev:Storage:Archive:Encryption is Required: anybody may have put it there. Where it was written before encryption was, say WithMasterKey until an encrypted one follows it");
        }

        var tally = new VerifyTally(null) { ObjectsTotal = 1, BytesTotal = length };
        await ObjectVerifier.VerifyAsync(file, tally, cancellationToken).ConfigureAwait(false);
        return tally.ToReport().Damages is [var damage, ..] ? throw damage.ToException() : file;

        InvalidDataException Damage(string problem) => new ArchiveDamage(name, "the directory", file.Trailer.Directory.Offset, file.Trailer.Directory.Length, problem).ToException();
    }

    // With no key and no dictionary that is only in memory.
    private async ValueTask<ObjectFile> OpenAfreshAsync(string name, long length, long tailOffset, CancellationToken cancellationToken)
    {
        using var fresh = keys?.Afresh();
        return await ObjectFile.OpenAsync(store, name, length, tailOffset, fresh, new ReaderCache(new ArchiveReaderOptions()), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> IsItAsync(SealedObject mine, BlobInfo stored, CancellationToken cancellationToken) =>
        stored.Length == mine.Info!.Length
        && (await HashAsync(stored.Name, stored.Length, cancellationToken).ConfigureAwait(false)).AsSpan().SequenceEqual(mine.Hash);

    private static async ValueTask<byte[]> HashAsync(Stream stream, CancellationToken cancellationToken)
    {
        stream.Position = 0;
        return await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<byte[]> HashAsync(string name, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[(int)Math.Min(length, MaxReadBytes)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0; at < length;)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - at));
            await store.ReadAsync(name, at, part, cancellationToken).ConfigureAwait(false);
            hash.AppendData(part.Span);
            at += part.Length;
        }

        return hash.GetHashAndReset();
    }
}
