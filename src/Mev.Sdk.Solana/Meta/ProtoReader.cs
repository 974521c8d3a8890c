using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Solana.Meta;

/// <summary>Walks the fields of one protobuf message; false with <see cref="IsMalformed"/> means broken, false without means the end.</summary>
/// <remarks>Source: "Encoding" in the Protocol Buffers documentation. Group wire types (3, 4) are refused: the schema has none.</remarks>
internal ref struct ProtoReader(ReadOnlySpan<byte> message, int position = 0)
{
    public const int WireVarint = 0;
    public const int WireFixed64 = 1;
    public const int WireBytes = 2;
    public const int WireFixed32 = 5;

    private const int MaxVarintBytes = 10;
    private readonly ReadOnlySpan<byte> _message = message;
    private int _bytesStart;
    private int _bytesLength;

    public int Position { get; private set; } = position;

    public bool IsMalformed { get; private set; }

    /// <summary>Number of the field just read.</summary>
    public int Field { get; private set; }

    /// <summary>Wire type of the field just read.</summary>
    public int Wire { get; private set; }

    /// <summary>Value of a varint or fixed field.</summary>
    public ulong Number { get; private set; }

    /// <summary>Contents of a length-delimited field.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _message.Slice(_bytesStart, _bytesLength);

    /// <summary>Offset of the field's tag.</summary>
    public int FieldStart { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next()
    {
        var at = Position;
        FieldStart = at;
        if (at + 1 < _message.Length)
        {
            // Nearly every field has a tag of one byte and a number or length of one byte.
            uint tag = _message[at];
            uint value = _message[at + 1];
            if ((tag | value) < 0x80 && tag >= 1 << 3)
            {
                if ((tag & 7) == WireBytes && value <= (uint)(_message.Length - at - 2))
                {
                    (Field, Wire) = ((int)tag >> 3, WireBytes);
                    (_bytesStart, _bytesLength) = (at + 2, (int)value);
                    Position = at + 2 + (int)value;
                    return true;
                }

                if ((tag & 7) == WireVarint)
                {
                    (Field, Wire) = ((int)tag >> 3, WireVarint);
                    Number = value;
                    Position = at + 2;
                    return true;
                }
            }
        }

        return NextSlow();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool NextSlow()
    {
        if (Position >= _message.Length)
        {
            return false;
        }

        if (!TryVarint(out var tag) || tag >> 3 is 0 or > 0x1FFF_FFFF)
        {
            return Broken();
        }

        Field = (int)(tag >> 3);
        Wire = (int)(tag & 7);
        return Wire switch
        {
            WireVarint => TryVarint(out var number) ? Is(number) : Broken(),
            WireBytes => TryLengthDelimited(),
            WireFixed64 => TryFixed(sizeof(ulong)),
            WireFixed32 => TryFixed(sizeof(uint)),
            _ => Broken(),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryVarint(out ulong value)
    {
        if (Position < _message.Length && _message[Position] < 0x80)
        {
            value = _message[Position++];
            return true;
        }

        return TryLongVarint(out value);
    }

    private bool TryLongVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < MaxVarintBytes && Position < _message.Length; i++)
        {
            var part = _message[Position++];
            if (i == MaxVarintBytes - 1 && part > 1)
            {
                return false; // more than 64 bits
            }

            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryLengthDelimited()
    {
        if (!TryVarint(out var length) || length > (ulong)(_message.Length - Position))
        {
            return Broken();
        }

        (_bytesStart, _bytesLength) = (Position, (int)length);
        Position += (int)length;
        return true;
    }

    private bool TryFixed(int size)
    {
        if (_message.Length - Position < size)
        {
            return Broken();
        }

        var bytes = _message.Slice(Position, size);
        Position += size;
        return Is(size == sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes));
    }

    private bool Is(ulong number)
    {
        Number = number;
        return true;
    }

    private bool Broken()
    {
        IsMalformed = true;
        return false;
    }
}
