using System.Text;

namespace Mev.Sdk.Solana.Json;

/// <summary>Walks a residual's bytes; whatever does not fit is refused.</summary>
internal ref struct ResidualReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    public readonly bool IsAtEnd => _left.IsEmpty;

    public static InvalidDataException Broken() => new("The residual does not belong to this transaction and encoding, or is damaged.");

    public byte Byte()
    {
        if (_left.IsEmpty)
        {
            throw Broken();
        }

        var value = _left[0];
        _left = _left[1..];
        return value;
    }

    public int Number()
    {
        const int MaxBits = 28;
        var value = 0;
        for (var shift = 0; shift <= MaxBits; shift += 7)
        {
            var part = Byte();
            value |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value >= 0 ? value : throw Broken();
            }
        }

        throw Broken();
    }

    /// <summary>A number of things that take at least a byte each.</summary>
    public int Count() => Number() is var count && count <= _left.Length ? count : throw Broken();

    public ReadOnlySpan<byte> Bytes() => Take(Number());

    public string Name(string[] known)
    {
        var place = Number();
        return place < known.Length ? known[place] : Encoding.UTF8.GetString(Take(place - known.Length));
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _left.Length)
        {
            throw Broken();
        }

        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }
}
