using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Columns;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>What readers of several objects share: roots, decoders, key dictionaries. Thread-safe.</summary>
internal sealed class ReaderCache(ArchiveReaderOptions options, DecoderPool? decoders = null)
{
    /// <summary>Bytes of key dictionaries that are kept: some 32 full generations.</summary>
    private const long DictionaryBytes = 64 << 20;

    private readonly ByteBoundCache<string, KeyDictionary> _dictionaries = new(DictionaryBytes, static dictionary => dictionary.Blob.Length + 256);

    /// <summary>What roots taught.</summary>
    public ByteBoundCache<RootKey, BlockSnapshot> Roots { get; } = new(options.RootCacheBytes, SizeOf);

    /// <summary>Roots as they are stored, many times smaller: so that one whose <see cref="Roots"/> had to go is decoded again without a request.</summary>
    public ByteBoundCache<RootKey, byte[]> StoredRoots { get; } = new(options.RootCacheBytes / 4, static root => root.Length);

    public DecoderPool Decoders { get; } = decoders ?? new();

    /// <summary>Bytes of adjacent blocks that are read with one request.</summary>
    public int ReadAheadBytes { get; } = options.ReadAheadBytes;

    /// <summary>Whether an object that is not encrypted is refused.</summary>
    public bool RequiresEncryption { get; } = options.RequireEncryption == true;

    /// <summary>Loads a generation.</summary>
    public async ValueTask<KeyDictionary?> GetDictionaryAsync(IBlobStore store, ObjectHeader header, CancellationToken cancellationToken)
    {
        if (!header.NeedsDictionary)
        {
            return null;
        }

        var hash = header.Dictionary.ToArray();
        return await _dictionaries.GetAsync(KeyDictionary.GetBlobName(hash), () => KeyDictionary.LoadAsync(store, hash, CancellationToken.None).AsTask(), cancellationToken).ConfigureAwait(false);
    }

    private static long SizeOf(BlockSnapshot root) =>
        root.State.Length
        + ((long)root.Keys.Count * (Pubkey.Size + Unsafe.SizeOf<KeyRow>()))
        + ((long)root.Known.Count * Unsafe.SizeOf<KnownRow>());
}
