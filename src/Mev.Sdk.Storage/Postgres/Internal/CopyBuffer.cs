using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Bytes of PostgreSQL's binary COPY format in pooled memory: fields are a length and a big-endian value, rows a count of fields before them.</summary>
/// <remarks>https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format". Not thread-safe.</remarks>
internal sealed class CopyBuffer : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1 << 16);
    private int _length;

    /// <summary>Signature, flags and length of an extension that there is none of.</summary>
    public static ReadOnlyMemory<byte> Header { get; } = new byte[] { (byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0 };

    /// <summary>The count of fields that no row has.</summary>
    public static ReadOnlyMemory<byte> Trailer { get; } = new byte[] { 0xFF, 0xFF };

    public int Length => _length;

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    public void BeginRow(int fields) => BinaryPrimitives.WriteInt16BigEndian(Take(2), (short)fields);

    public void Null() => BinaryPrimitives.WriteInt32BigEndian(Take(4), -1);

    public void Int8(byte value)
    {
        var field = Field(1);
        field[0] = value;
    }

    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Field(2), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Field(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Field(8), value);

    public void Float32(float value) => BinaryPrimitives.WriteSingleBigEndian(Field(4), value);

    public void Float64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Field(8), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Field(value.Length));

    public void Clear() => _length = 0;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Field(int bytes)
    {
        var span = Take(4 + bytes);
        BinaryPrimitives.WriteInt32BigEndian(span, bytes);
        return span[4..];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Take(int bytes)
    {
        if (bytes > _bytes.Length - _length)
        {
            Grow(bytes);
        }

        var span = _bytes.AsSpan(_length, bytes);
        _length += bytes;
        return span;
    }

    private void Grow(int bytes)
    {
        var wanted = (long)_length + bytes;
        if (wanted > Array.MaxLength)
        {
            throw new InvalidOperationException($"One transaction's rows take {wanted} bytes and more: lower Mev:Storage:Projector:BatchRecords or BatchBytes.");
        }

        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(wanted, 2L * _bytes.Length), Array.MaxLength));
        _bytes.AsSpan(0, _length).CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = grown;
    }
}
