using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>An object whose tail was read: finds, checks, decrypts and decodes its sections. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Readers may still use an object that its owner has dropped: its cipher ends with the last of them.")]
internal sealed class ObjectFile
{
    private readonly IBlobStore _store;
    private readonly ArchiveKeys? _keys;
    private readonly ReaderCache _cache;
    private readonly SectionCipher? _cipher;
    private readonly KeyDictionary? _dictionary;
    private readonly RootKey _root;
    private byte[]? _signatures;
    private SignatureIndex? _signatureIndex;

    private ObjectFile(IBlobStore store, ArchiveKeys? keys, ReaderCache cache, in ObjectTail tail, SectionCipher? cipher, KeyDictionary? dictionary)
    {
        (_store, _keys, _cache, _cipher, _dictionary) = (store, keys, cache, cipher, dictionary);
        (Name, Trailer, Directory) = (tail.Name, tail.Trailer, tail.Directory);
        _root = new RootKey(Name, Convert.ToHexStringLower(SHA256.HashData(tail.DirectoryBytes.Span)));
        _signatures = tail.Section(Directory.SignatureIndex).ToArray();
        Blocks = ParseBlocks(tail.Section(Directory.BlockIndex));

        // The tail begins with a root: the copy, or in an object without leaves the only one.
        var root = Directory.Root with { Offset = Trailer.TailOffset };
        if (tail.Has(root) && Crc32C.Compute(tail.Section(root).Span) == root.Crc32C)
        {
            cache.StoredRoots.Put(_root, tail.Section(root).ToArray());
        }
    }

    public string Name { get; }

    public ObjectTrailer Trailer { get; }

    public ObjectDirectory Directory { get; }

    public ObjectBlock[] Blocks { get; }

    /// <summary>Memory that it takes, bytes.</summary>
    public long Bytes => Directory.SignatureIndex.Length + (Directory.Signatures / 128) + (120L * Blocks.Length) + 4096;

    public int ReadAheadBytes => _cache.ReadAheadBytes;

    /// <summary>Opens what is there to be read of an object.</summary>
    /// <exception cref="InvalidDataException">The tail is damaged.</exception>
    /// <exception cref="ArchiveKeyException">It is encrypted, and its key is not there.</exception>
    public static ValueTask<ObjectFile> OpenAsync(
        IBlobStore store, string name, long length, long tailOffset, ArchiveKeys? keys, ReaderCache cache, CancellationToken cancellationToken) =>
        OpenAsync(store, name, length, tailOffset, withRoot: true, keys, cache, cancellationToken);

    /// <summary>Opens what is there to be read of an object whose indexes are known to begin at a place, with one request: its root is read when somebody needs it.</summary>
    /// <exception cref="InvalidDataException">The tail is damaged.</exception>
    /// <exception cref="ArchiveKeyException">It is encrypted, and its key is not there.</exception>
    public static ValueTask<ObjectFile> OpenIndexesAsync(
        IBlobStore store, string name, long length, long indexOffset, ArchiveKeys? keys, ReaderCache cache, CancellationToken cancellationToken) =>
        OpenAsync(store, name, length, indexOffset, withRoot: false, keys, cache, cancellationToken);

    /// <summary>Opens it anew: what is stored now, whatever was read before.</summary>
    /// <exception cref="BlobNotFoundException">It is not there any more.</exception>
    /// <exception cref="InvalidDataException">The tail is damaged.</exception>
    public async ValueTask<ObjectFile> ReopenAsync(CancellationToken cancellationToken)
    {
        var info = await _store.GetInfoAsync(Name, cancellationToken).ConfigureAwait(false) ?? throw new BlobNotFoundException(Name, $"The archive object '{Name}' is not there any more.");
        return await OpenAsync(_store, Name, info.Length, 0, _keys, _cache, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The signature index, checked when it is first asked for: damage to it does not keep anybody from reading by LSN or slot.</summary>
    public SignatureIndex GetSignatureIndex()
    {
        var stored = Volatile.Read(ref _signatures);
        if (stored is null)
        {
            return Volatile.Read(ref _signatureIndex)!;
        }

        var place = Directory.SignatureIndex;
        try
        {
            var index = SignatureIndex.Parse(Open(ObjectFormat.SignatureIndexOrdinal, stored, in place), Blocks.Length);
            Volatile.Write(ref _signatureIndex, index);
            Volatile.Write(ref _signatures, null);
            return index;
        }
        catch (SectionDamageException damage)
        {
            throw Damage("the signature index", in place, damage.Message).ToException(damage);
        }
    }

    /// <summary>Reads the stored bytes of adjacent blocks with one request; the root's come from memory.</summary>
    /// <param name="first">The first block.</param>
    /// <param name="count">How many.</param>
    /// <param name="destination">Gets them, one after the other.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask ReadStoredAsync(int first, int count, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (first == 0 && count == 1)
        {
            (await ReadRootAsync(cancellationToken).ConfigureAwait(false)).CopyTo(destination);
            return;
        }

        try
        {
            await _store.ReadAsync(Name, Blocks[first].Offset, destination, cancellationToken).ConfigureAwait(false);
        }
        catch (EndOfStreamException end)
        {
            var place = new SectionPlace(Blocks[first].Offset, destination.Length, 0);
            throw (Damage(NameOf(first), in place, "the object ends within it") with { FirstLsn = new Lsn(Blocks[first].FirstLsn), LastLsn = new Lsn(Blocks[first + count - 1].LastLsn) })
                .ToException(end);
        }
    }

    /// <summary>Reads the stored root: from memory, else from the front, else its copy.</summary>
    private async ValueTask<byte[]> ReadRootAsync(CancellationToken cancellationToken)
    {
        if (_cache.StoredRoots.TryGet(_root, out var known))
        {
            return known;
        }

        var (first, again) = (Directory.Root, Directory.RootCopy);
        var stored = await ReadAsync(NameOf(0), first, cancellationToken).ConfigureAwait(false);
        if (Crc32C.Compute(stored) != first.Crc32C && again.Length > 0)
        {
            stored = await ReadAsync(NameOf(0), again, cancellationToken).ConfigureAwait(false);
        }

        if (Crc32C.Compute(stored) == first.Crc32C)
        {
            _cache.StoredRoots.Put(_root, stored);
        }

        return stored;
    }

    /// <summary>Reads any part of the object from the store.</summary>
    public async ValueTask<byte[]> ReadAsync(string section, SectionPlace place, CancellationToken cancellationToken)
    {
        var bytes = new byte[place.Length];
        try
        {
            await _store.ReadAsync(Name, place.Offset, bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
        catch (EndOfStreamException end)
        {
            throw Damage(section, in place, "the object ends within it").ToException(end);
        }
    }

    public int StoredLength(int first, int count)
    {
        var last = Blocks[first + count - 1];
        return (int)(last.Offset + last.StoredLength - Blocks[first].Offset);
    }

    /// <summary>What the root taught; null when it is the root that is to be decoded.</summary>
    public async ValueTask<BlockSnapshot?> GetRootAsync(int block, CancellationToken cancellationToken) =>
        block == 0 ? null : await _cache.Roots.GetAsync(_root, DecodeRootAsync, cancellationToken).ConfigureAwait(false);

    public void ReturnDecoder(BlockCodec decoder) => _cache.Decoders.Return(_dictionary, decoder);

    /// <summary>Starts to decode a block, whose stored bytes are checked.</summary>
    /// <returns>A decoder; given back by <see cref="ReturnDecoder"/> unless it met damage, when nobody vouches for its state.</returns>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public BlockCodec Begin(int block, ReadOnlySpan<byte> stored, BlockSnapshot? root)
    {
        byte[]? plain = null;
        try
        {
            if (Crc32C.Compute(stored) != Blocks[block].Crc32C)
            {
                throw new SectionDamageException("its stored bytes do not match their CRC-32C");
            }

            var bytes = stored;
            if (_cipher is not null)
            {
                plain = ArrayPool<byte>.Shared.Rent(stored.Length);
                bytes = Decrypt(_cipher, (uint)block, stored, plain);
            }

            var decoder = _cache.Decoders.Rent(_dictionary);
            decoder.BeginDecoding(bytes, root);
            return decoder;
        }
        catch (Exception damage) when (damage is SectionDamageException or InvalidDataException or ArgumentException)
        {
            // An argument that does not fit is a root of another dictionary.
            throw DamageOf(block, damage.Message).ToException(damage);
        }
        finally
        {
            if (plain is not null)
            {
                ArrayPool<byte>.Shared.Return(plain);
            }
        }
    }

    /// <summary>Decodes the next frame of a block; behind the last, compares what was decoded with the digest of what was written.</summary>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public bool Next(BlockCodec decoder, int block)
    {
        try
        {
            if (decoder.Next())
            {
                return true;
            }
        }
        catch (InvalidDataException damage)
        {
            throw DamageOf(block, damage.Message).ToException(damage);
        }

        return decoder.Digest == Blocks[block].Digest
            ? false
            : throw DamageOf(block, "it decodes to something else than was written, as its digest tells").ToException();
    }

    /// <summary>Damage of a block, with the LSNs that it costs.</summary>
    public ArchiveDamage DamageOf(int block, string problem)
    {
        var place = Blocks[block].Place;
        return Damage(NameOf(block), in place, problem) with { FirstLsn = new Lsn(Blocks[block].FirstLsn), LastLsn = new Lsn(Blocks[block].LastLsn) };
    }

    public ArchiveDamage Damage(string section, in SectionPlace place, string problem) => new(Name, section, place.Offset, place.Length, problem);

    private static string NameOf(int block) => block == 0 ? "the root" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"leaf {block}");

    private static async ValueTask<ObjectFile> OpenAsync(
        IBlobStore store, string name, long length, long from, bool withRoot, ArchiveKeys? keys, ReaderCache cache, CancellationToken cancellationToken)
    {
        // Who wrote the directory is known before anything is read because of what it says.
        var end = await ObjectTail.ReadEndAsync(store, name, length, from, cancellationToken).ConfigureAwait(false);
        if (cache.RequiresEncryption && !end.Directory.Header.IsEncrypted)
        {
            throw new ArchiveDamage(
                name, "the directory", end.Trailer.Directory.Offset, end.Trailer.Directory.Length,
                "it is not encrypted, and Mev:Storage:Archive:Reader:RequireEncryption is set: anybody may have put it there. Where it was written before encryption was, set that to false").ToException();
        }

        var cipher = await OpenCipherAsync(end, keys, cancellationToken).ConfigureAwait(false);
        var dictionary = await cache.GetDictionaryAsync(store, end.Directory.Header, cancellationToken).ConfigureAwait(false);
        var tail = await end.ReadFromAsync(store, withRoot ? end.Trailer.TailOffset : end.Directory.BlockIndex.Offset, cancellationToken).ConfigureAwait(false);
        return new ObjectFile(store, keys, cache, in tail, cipher, dictionary);
    }

    private static async ValueTask<SectionCipher?> OpenCipherAsync(ObjectTail tail, ArchiveKeys? keys, CancellationToken cancellationToken)
    {
        var header = tail.Directory.Header;
        if (!header.IsEncrypted)
        {
            return null;
        }

        if (keys is null)
        {
            throw ArchiveKeyException.OfObject(tail.Name, header.KeyId, "no keys were given: pass ArchiveKeys over the store and the master keys");
        }

        var key = await keys.GetAsync(header.KeyId, cancellationToken).ConfigureAwait(false);
        var cipher = key.TryOpen(header, tail.Directory.WrappedKey)
            ?? throw ArchiveKeyException.OfObject(tail.Name, header.KeyId, "the key of that id is another one than wrapped the object's key, or the object's directory was changed");
        if (tail.Directory.IsAuthentic(cipher))
        {
            return cipher;
        }

        cipher.Dispose();
        throw new ArchiveDamage(tail.Name, "the directory", tail.Trailer.Directory.Offset, tail.Trailer.Directory.Length, "it is not what the holder of the key wrote").ToException();
    }

    private static Span<byte> Decrypt(SectionCipher cipher, uint ordinal, ReadOnlySpan<byte> stored, byte[] plain)
    {
        var length = stored.Length - ObjectFormat.TagSize;
        return length >= 0 && cipher.TryDecrypt(ordinal, stored, plain.AsSpan(0, length))
            ? plain.AsSpan(0, length)
            : throw new SectionDamageException("it is not what the holder of the key wrote there");
    }

    private async Task<BlockSnapshot> DecodeRootAsync()
    {
        var stored = await ReadRootAsync(CancellationToken.None).ConfigureAwait(false);
        var decoder = Begin(0, stored, root: null);
        while (Next(decoder, 0))
        {
        }

        ArchiveMetrics.RootsDecoded.Add(1);
        var root = decoder.CopyState();
        ReturnDecoder(decoder);
        return root;
    }

    private ObjectBlock[] ParseBlocks(ReadOnlyMemory<byte> stored)
    {
        var place = Directory.BlockIndex;
        try
        {
            return BlockIndex.Parse(Open(ObjectFormat.BlockIndexOrdinal, stored.ToArray(), in place), Directory);
        }
        catch (SectionDamageException damage)
        {
            throw Damage("the blocks' index", in place, damage.Message).ToException(damage);
        }
    }

    private byte[] Open(uint ordinal, byte[] stored, in SectionPlace place)
    {
        if (Crc32C.Compute(stored) != place.Crc32C)
        {
            throw new SectionDamageException("its stored bytes do not match their CRC-32C");
        }

        if (_cipher is null)
        {
            return stored;
        }

        var plain = new byte[Math.Max(0, stored.Length - ObjectFormat.TagSize)];
        Decrypt(_cipher, ordinal, stored, plain);
        return plain;
    }
}
