using System.Buffers;
using System.Buffers.Binary;

namespace Mev.Sdk.Solana.Meta;

/// <summary>Writes protobuf fields into a growing buffer.</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Clear() => _buffer.ResetWrittenCount();

    public void Varint(ulong value)
    {
        var span = _buffer.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        _buffer.Advance(length);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    /// <summary>A varint field with an implicit default: zero is not written.</summary>
    public void Number(int field, ulong value)
    {
        if (value != 0)
        {
            OptionalNumber(field, value);
        }
    }

    public void OptionalNumber(int field, ulong value)
    {
        Tag(field, ProtoReader.WireVarint);
        Varint(value);
    }

    public void Double(int field, double value)
    {
        if (value != 0)
        {
            Tag(field, ProtoReader.WireFixed64);
            BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(sizeof(double)), value);
            _buffer.Advance(sizeof(double));
        }
    }

    /// <summary>A length-delimited field that is written even when it is empty: an element of a repeated field or a message.</summary>
    public void Element(int field, ReadOnlySpan<byte> bytes)
    {
        Tag(field, ProtoReader.WireBytes);
        Varint((ulong)bytes.Length);
        Raw(bytes);
    }

    /// <summary>A length-delimited field with an implicit default: nothing is not written.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
        {
            Element(field, bytes);
        }
    }

    private void Tag(int field, int wire) => Varint(((ulong)field << 3) | (uint)wire);
}
