using System.Buffers;
using System.Text;

namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>Writes Thrift's compact protocol: structs of fields in ascending order, lists, numbers as zigzag varints.</summary>
/// <remarks>Source: "Thrift Compact protocol encoding", Apache Thrift documentation.</remarks>
internal sealed class ThriftWriter(IBufferWriter<byte> output)
{
    private const byte True = 1;
    private const byte False = 2;
    private const byte I32 = 5;
    private const byte I64 = 6;
    private const byte Binary = 8;
    private const byte List = 9;
    private const byte Struct = 12;

    private readonly Stack<int> _fields = [];
    private int _field;

    /// <summary>Begins a struct that is an element of a list, or the message itself.</summary>
    public ThriftWriter Begin()
    {
        _fields.Push(_field);
        _field = 0;
        return this;
    }

    /// <summary>Begins a struct that is a field.</summary>
    public ThriftWriter Begin(int field)
    {
        Header(field, Struct);
        return Begin();
    }

    public ThriftWriter End()
    {
        Byte(0);
        _field = _fields.Pop();
        return this;
    }

    /// <summary>A struct without fields, as the members of unions are.</summary>
    public ThriftWriter Empty(int field) => Begin(field).End();

    public ThriftWriter Flag(int field, bool value)
    {
        Header(field, value ? True : False);
        return this;
    }

    public ThriftWriter Number32(int field, int value)
    {
        Header(field, I32);
        return Number(value);
    }

    public ThriftWriter Number16(int field, int value)
    {
        Header(field, 4);
        return Number(value);
    }

    public ThriftWriter Number8(int field, byte value)
    {
        Header(field, 3);
        Byte(value);
        return this;
    }

    public ThriftWriter Number64(int field, long value)
    {
        Header(field, I64);
        return Number(value);
    }

    public ThriftWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Header(field, Binary);
        return Bytes(value);
    }

    public ThriftWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Begins a list of structs; each is written by <see cref="Begin()"/> and <see cref="End"/>.</summary>
    public ThriftWriter Structs(int field, int count) => Elements(field, count, Struct);

    /// <summary>A list of numbers of 32 bits.</summary>
    public ThriftWriter Numbers(int field, params ReadOnlySpan<int> values)
    {
        Elements(field, values.Length, I32);
        foreach (var value in values)
        {
            Number(value);
        }

        return this;
    }

    /// <summary>A list of one text.</summary>
    public ThriftWriter Texts(int field, string value) => Elements(field, 1, Binary).Bytes(Encoding.UTF8.GetBytes(value));

    private ThriftWriter Elements(int field, int count, byte type)
    {
        Header(field, List);
        if (count < 15)
        {
            Byte((byte)((count << 4) | type));
        }
        else
        {
            Byte((byte)(0xF0 | type));
            Varint.Write(output, (ulong)count);
        }

        return this;
    }

    private ThriftWriter Bytes(ReadOnlySpan<byte> value)
    {
        Varint.Write(output, (ulong)value.Length);
        output.Write(value);
        return this;
    }

    private ThriftWriter Number(long value)
    {
        Varint.Write(output, Varint.ZigZag(value));
        return this;
    }

    private void Header(int field, byte type)
    {
        var step = field - _field;
        if (step is > 0 and <= 15)
        {
            Byte((byte)((step << 4) | type));
        }
        else
        {
            Byte(type);
            Number(field);
        }

        _field = field;
    }

    private void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
