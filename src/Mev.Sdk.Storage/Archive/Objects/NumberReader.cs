using System.Buffers.Binary;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Reads what <see cref="NumberWriter"/> wrote, and believes no length.</summary>
internal ref struct NumberReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly int Left => _rest.Length;

    public ulong Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Bytes(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new SectionDamageException("a number has more than 64 bits");
    }

    public long Signed()
    {
        var folded = Number();
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }

    /// <summary>A number that is at most <paramref name="most"/>.</summary>
    public int Count(int most)
    {
        var count = Number();
        return count <= (ulong)most ? (int)count : throw new SectionDamageException($"a count of {count} where at most {most} can be");
    }

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (length > _rest.Length)
        {
            throw new SectionDamageException("it ends within a field");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
