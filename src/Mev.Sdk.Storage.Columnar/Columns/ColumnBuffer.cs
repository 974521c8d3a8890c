using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Mev.Sdk.Storage.Columnar.Columns;

/// <summary>The values of one column for one row group, in the layout of Arrow: values, offsets where lengths differ, a bit a row for "is there".</summary>
/// <remarks>Booleans take a byte here. A fixed-width null has zeros in its place.</remarks>
internal sealed class ColumnBuffer(ColumnDescription description)
{
    private byte[] _values = new byte[1024];
    private int[] _offsets = description.Width == 0 ? new int[256] : [];
    private byte[] _validity = description.IsNullable ? new byte[64] : [];

    public ColumnDescription Description => description;

    public int Count { get; private set; }

    public int Nulls { get; private set; }

    /// <summary>Bytes of values.</summary>
    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Values => _values.AsMemory(0, Length);

    /// <summary>Ends of values, one more than rows, as bytes; only where lengths differ.</summary>
    public ReadOnlyMemory<byte> Offsets => MemoryMarshal.AsBytes(_offsets.AsSpan(0, Count + 1)).ToArray();

    /// <summary>A bit a row, least significant first.</summary>
    public ReadOnlyMemory<byte> Validity => _validity.AsMemory(0, (Count + 7) / 8);

    public bool IsNull(int row) => description.IsNullable && (_validity[row >> 3] & (1 << (row & 7))) == 0;

    public ReadOnlySpan<byte> this[int row] => description.Width > 0
        ? _values.AsSpan(row * description.Width, description.Width)
        : _values.AsSpan(_offsets[row]..(row + 1 == Count ? Length : _offsets[row + 1]));

    /// <summary>Compares the values of two rows that have some.</summary>
    /// <remarks>
    /// The order of the logical type: unsigned numbers as such, bytes from the first on. Zeros of both signs are one value to a reader, and either as a bound is right for it as
    /// long as it compares them as equal, which IEEE comparison does.
    /// </remarks>
    public int Compare(int left, int right)
    {
        var a = this[left];
        var b = this[right];
        return description.Type switch
        {
            ColumnType.Boolean or ColumnType.UInt8 => a[0].CompareTo(b[0]),
            ColumnType.UInt16 => MemoryMarshal.Read<ushort>(a).CompareTo(MemoryMarshal.Read<ushort>(b)),
            ColumnType.UInt32 => MemoryMarshal.Read<uint>(a).CompareTo(MemoryMarshal.Read<uint>(b)),
            ColumnType.UInt64 => MemoryMarshal.Read<ulong>(a).CompareTo(MemoryMarshal.Read<ulong>(b)),
            ColumnType.Int64 or ColumnType.Timestamp or ColumnType.TimestampMicroseconds => MemoryMarshal.Read<long>(a).CompareTo(MemoryMarshal.Read<long>(b)),
            ColumnType.Float => MemoryMarshal.Read<float>(a).CompareTo(MemoryMarshal.Read<float>(b)),
            ColumnType.Double => MemoryMarshal.Read<double>(a).CompareTo(MemoryMarshal.Read<double>(b)),
            _ => a.SequenceCompareTo(b),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddNumber<T>(T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(Reserve(Unsafe.SizeOf<T>()), in value);
        End(isThere: true);
    }

    public void Add(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        End(isThere: true);
    }

    public void Add(string value)
    {
        Encoding.UTF8.GetBytes(value, Reserve(Encoding.UTF8.GetByteCount(value)));
        End(isThere: true);
    }

    /// <summary>Adds a value of fixed width, or null when it is empty.</summary>
    public void AddOrNull(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            AddNull();
        }
        else
        {
            Add(value);
        }
    }

    public void AddNull()
    {
        Reserve(description.Width).Clear();
        End(isThere: false);
    }

    public void Clear()
    {
        _validity.AsSpan(0, Math.Min(_validity.Length, (Count + 7) / 8)).Clear();
        (Count, Nulls, Length) = (0, 0, 0);
    }

    /// <summary>The same rows in another order.</summary>
    /// <param name="order">For each place the row that comes there.</param>
    public ColumnBuffer Reordered(ReadOnlySpan<int> order)
    {
        var result = new ColumnBuffer(description) { _values = new byte[Math.Max(Length, 1)] };
        foreach (var row in order)
        {
            if (IsNull(row))
            {
                result.AddNull();
            }
            else
            {
                result.Add(this[row]);
            }
        }

        return result;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_values.Length - Length < bytes)
        {
            Array.Resize(ref _values, checked((int)Math.Min(Array.MaxLength, Math.Max((long)_values.Length * 2, (long)Length + bytes))));
        }

        if (description.Width == 0)
        {
            if (Count + 1 >= _offsets.Length)
            {
                Array.Resize(ref _offsets, _offsets.Length * 2);
            }

            _offsets[Count] = Length;
            _offsets[Count + 1] = Length + bytes;
        }

        var place = _values.AsSpan(Length, bytes);
        Length += bytes;
        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void End(bool isThere)
    {
        if (description.IsNullable)
        {
            if (Count >> 3 >= _validity.Length)
            {
                Array.Resize(ref _validity, _validity.Length * 2);
            }

            if (isThere)
            {
                _validity[Count >> 3] |= (byte)(1 << (Count & 7));
            }
            else
            {
                Nulls++;
            }
        }

        Count++;
    }
}
