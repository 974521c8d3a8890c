using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Bytes that grow at their end and keep their memory when cleared; writes protobuf fields too.</summary>
internal sealed class ByteBuffer(int capacity = 256)
{
    private byte[] _array = new byte[capacity];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Written => _array.AsSpan(0, Count);

    public void Clear() => Count = 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int length)
    {
        if (_array.Length - Count < length)
        {
            Grow(length);
        }

        return _array.AsSpan(Count);
    }

    public void Advance(int length) => Count += length;

    /// <summary>Takes the last bytes back.</summary>
    public void Truncate(int count) => Count = count;

    public void Add(byte value)
    {
        GetSpan(1)[0] = value;
        Count++;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Count += bytes.Length;
    }

    /// <summary>A key, as one store of known length.</summary>
    public void Add(in Pubkey key)
    {
        System.Runtime.InteropServices.MemoryMarshal.Write(GetSpan(Pubkey.Size), in key);
        Count += Pubkey.Size;
    }

    /// <summary>A compact-u16, as Solana's wire format counts.</summary>
    public void CompactU16(int value)
    {
        var span = GetSpan(3);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        Count += length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Varint(ulong value)
    {
        var span = GetSpan(10);
        if (value < 0x80)
        {
            span[0] = (byte)value;
            Count++;
            return;
        }

        LongVarint(span, value);
    }

    private void LongVarint(Span<byte> span, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        Count += length;
    }

    /// <summary>A varint field; zero is not written.</summary>
    public void Number(int field, ulong value)
    {
        if (value != 0)
        {
            OptionalNumber(field, value);
        }
    }

    public void OptionalNumber(int field, ulong value)
    {
        Varint((ulong)field << 3);
        Varint(value);
    }

    public void Double(int field, double value)
    {
        if (value != 0)
        {
            Varint(((ulong)field << 3) | 1);
            BinaryPrimitives.WriteDoubleLittleEndian(GetSpan(sizeof(double)), value);
            Count += sizeof(double);
        }
    }

    /// <summary>A length-delimited field, also when it is empty.</summary>
    public void Element(int field, ReadOnlySpan<byte> bytes)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)bytes.Length);
        Add(bytes);
    }

    /// <summary>A length-delimited field; nothing is not written.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
        {
            Element(field, bytes);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int length) => Array.Resize(ref _array, Math.Max(checked(Count + length), (int)Math.Min(2L * _array.Length, Array.MaxLength)));
}
