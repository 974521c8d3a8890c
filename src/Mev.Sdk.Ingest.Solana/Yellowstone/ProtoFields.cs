using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Walks the fields of one protobuf message in place; unknown ones are simply not looked at.</summary>
/// <remarks>Source: "Encoding" in the Protocol Buffers documentation. Group wire types (3, 4) are refused: the schema has none.</remarks>
internal ref struct ProtoFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public bool IsMalformed { get; private set; }

    /// <summary>Number of the field just read; negative wire types cannot be.</summary>
    public int Field { get; private set; }

    /// <summary>Value of a varint or fixed field.</summary>
    public ulong Number { get; private set; }

    /// <summary>Contents of a length-delimited field; empty for others.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (!TryVarint(out var tag) || tag is < 8 or > uint.MaxValue)
        {
            return Broken();
        }

        Field = (int)(tag >> 3);
        if ((tag & 7) == 2)
        {
            if (!TryVarint(out var length) || length > (ulong)_rest.Length)
            {
                return Broken();
            }

            Bytes = _rest[..(int)length];
            _rest = _rest[(int)length..];
            return true;
        }

        return Other((int)tag & 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryVarint(out ulong value)
    {
        if (_rest.Length > 0 && _rest[0] < 0x80)
        {
            value = _rest[0];
            _rest = _rest[1..];
            return true;
        }

        return TryLongVarint(out value);
    }

    private bool TryLongVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < 10 && i < _rest.Length; i++)
        {
            var part = _rest[i];
            if (i == 9 && part > 1)
            {
                return false; // more than 64 bits
            }

            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private bool Other(int wire)
    {
        Bytes = default;
        if (wire == 0)
        {
            if (!TryVarint(out var number))
            {
                return Broken();
            }

            Number = number;
            return true;
        }

        var size = wire switch { 1 => sizeof(ulong), 5 => sizeof(uint), _ => 0 };
        if (size == 0 || _rest.Length < size)
        {
            return Broken();
        }

        Number = size == sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(_rest) : BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        _rest = _rest[size..];
        return true;
    }

    private bool Broken()
    {
        IsMalformed = true;
        return false;
    }
}
