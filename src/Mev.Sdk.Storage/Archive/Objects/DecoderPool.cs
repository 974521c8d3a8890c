using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Decoders that were used and are used again: each has some MB of tables. Thread-safe.</summary>
internal sealed class DecoderPool
{
    private static readonly int MostKept = Math.Max(2, Environment.ProcessorCount);

    private readonly ConcurrentBag<BlockCodec> _plain = [];
    private readonly ConditionalWeakTable<KeyDictionary, ConcurrentBag<BlockCodec>> _byDictionary = [];

    public BlockCodec Rent(KeyDictionary? dictionary) =>
        Of(dictionary).TryTake(out var codec) ? codec : new BlockCodec(encodes: false, dictionary is null ? default : dictionary.Keys);

    /// <summary>Gives a decoder back; not one that met damage, whose state nobody vouches for.</summary>
    public void Return(KeyDictionary? dictionary, BlockCodec codec)
    {
        var bag = Of(dictionary);
        if (bag.Count < MostKept)
        {
            bag.Add(codec);
        }
    }

    private ConcurrentBag<BlockCodec> Of(KeyDictionary? dictionary) => dictionary is null ? _plain : _byDictionary.GetOrCreateValue(dictionary);
}
