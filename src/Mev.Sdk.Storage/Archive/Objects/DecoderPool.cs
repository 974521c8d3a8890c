namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Decoders that were used and are used again: each has some MB of tables. Thread-safe.</summary>
/// <param name="most">Most that are kept, whatever dictionaries they know; the one given back longest ago goes first. 0 = four, or two a processor.</param>
internal sealed class DecoderPool(int most = 0)
{
    private readonly int _most = most > 0 ? most : Math.Max(4, 2 * Environment.ProcessorCount);
    private readonly Lock _gate = new();
    private readonly List<(string Dictionary, BlockCodec Codec)> _kept = []; // the newest last

    /// <summary>Decoders kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _kept.Count;
            }
        }
    }

    public BlockCodec Rent(KeyDictionary? dictionary)
    {
        var name = NameOf(dictionary);
        lock (_gate)
        {
            var at = _kept.FindLastIndex(kept => kept.Dictionary == name);
            if (at >= 0)
            {
                var codec = _kept[at].Codec;
                _kept.RemoveAt(at);
                return codec;
            }
        }

        return new BlockCodec(encodes: false, dictionary is null ? default : dictionary.Keys);
    }

    /// <summary>Gives a decoder back; not one that met damage, whose state nobody vouches for.</summary>
    public void Return(KeyDictionary? dictionary, BlockCodec codec)
    {
        lock (_gate)
        {
            if (_kept.Count == _most)
            {
                _kept.RemoveAt(0);
            }

            _kept.Add((NameOf(dictionary), codec));
        }
    }

    private static string NameOf(KeyDictionary? dictionary) => dictionary?.BlobName ?? "";
}
