using System.Text;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>Encodes and decodes a set of equally long values, by our base58 and by SimpleBase; neither side allocates for its result.</summary>
internal sealed class Base58Work
{
    private readonly byte[] _values;
    private readonly byte[][] _utf8;
    private readonly string[] _texts;
    private readonly int _size;

    /// <summary>Prepares the set.</summary>
    /// <param name="values">The values, one behind the other.</param>
    /// <param name="size">Bytes of each: 32 or 64.</param>
    public Base58Work(byte[] values, int size)
    {
        _values = values;
        _size = size;
        Count = values.Length / size;
        _texts = [.. Enumerable.Range(0, Count).Select(i => SimpleBase.Base58.Bitcoin.Encode(values.AsSpan(i * size, size)))];
        _utf8 = [.. _texts.Select(Encoding.ASCII.GetBytes)];
    }

    /// <summary>Values in the set.</summary>
    public int Count { get; }

    public ulong EncodeOurs()
    {
        var fold = default(Fold);
        Span<byte> text = stackalloc byte[Signature.MaxTextLength];
        for (var i = 0; i < Count; i++)
        {
            var value = _values.AsSpan(i * _size, _size);
            var length = _size == Signature.Size ? Base58.Encode64(value, text) : Base58.Encode32(value, text);
            foreach (var character in text[..length])
            {
                fold.Add(character);
            }
        }

        return fold.Value;
    }

    public ulong EncodePeer()
    {
        var fold = default(Fold);
        Span<char> text = stackalloc char[128];
        for (var i = 0; i < Count; i++)
        {
            text.Clear(); // It works in its destination and wants it empty.
            if (!SimpleBase.Base58.Bitcoin.TryEncode(_values.AsSpan(i * _size, _size), text, out var length))
            {
                throw new InvalidOperationException("SimpleBase refused a buffer.");
            }

            foreach (var character in text[..length])
            {
                fold.Add(character);
            }
        }

        return fold.Value;
    }

    public ulong DecodeOurs()
    {
        var fold = default(Fold);
        Span<byte> bytes = stackalloc byte[Signature.Size];
        foreach (var text in _utf8)
        {
            if (!(_size == Signature.Size ? Base58.TryDecode64(text, bytes) : Base58.TryDecode32(text, bytes)))
            {
                throw new InvalidOperationException("Our base58 refused a valid text.");
            }

            fold.Add(bytes[.._size]);
        }

        return fold.Value;
    }

    public ulong DecodePeer()
    {
        var fold = default(Fold);
        Span<byte> bytes = stackalloc byte[128];
        foreach (var text in _texts)
        {
            bytes.Clear();
            if (!SimpleBase.Base58.Bitcoin.TryDecode(text, bytes, out var length))
            {
                throw new InvalidOperationException("SimpleBase refused a valid text.");
            }

            fold.Add(bytes[..length]);
        }

        return fold.Value;
    }
}
