using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Columns;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>What readers of several objects share: what roots taught, decoders, key dictionaries. Thread-safe.</summary>
internal sealed class ReaderCache(ArchiveReaderOptions options, DecoderPool? decoders = null)
{
    private readonly ConcurrentDictionary<string, KeyDictionary> _dictionaries = new(StringComparer.Ordinal);

    /// <summary>By object id.</summary>
    public ByteBoundCache<Guid, BlockSnapshot> Roots { get; } = new(options.RootCacheBytes, SizeOf);

    public DecoderPool Decoders { get; } = decoders ?? new();

    /// <summary>Bytes of adjacent blocks that are read with one request.</summary>
    public int ReadAheadBytes { get; } = options.ReadAheadBytes;

    /// <summary>Loads a generation once. Two that ask at the same time may both load it; what they get is the same.</summary>
    public async ValueTask<KeyDictionary?> GetDictionaryAsync(IBlobStore store, ObjectHeader header, CancellationToken cancellationToken)
    {
        if (!header.NeedsDictionary)
        {
            return null;
        }

        var hash = header.Dictionary.ToArray();
        var name = KeyDictionary.GetBlobName(hash);
        return _dictionaries.TryGetValue(name, out var known)
            ? known
            : _dictionaries.GetOrAdd(name, await KeyDictionary.LoadAsync(store, hash, cancellationToken).ConfigureAwait(false));
    }

    private static long SizeOf(BlockSnapshot root) =>
        root.State.Length
        + ((long)root.Keys.Count * (Pubkey.Size + Unsafe.SizeOf<KeyRow>()))
        + ((long)root.Known.Count * Unsafe.SizeOf<KnownRow>());
}
