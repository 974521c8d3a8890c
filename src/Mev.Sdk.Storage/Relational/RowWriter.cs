using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Storage.Relational;

/// <summary>Writes the columns of one row, in the order of the table's.</summary>
/// <remarks>
/// Each method writes one column and refuses one of another type. A row that is not completed leaves nothing behind. While it is written, the buffer must not be
/// used otherwise.
/// </remarks>
public ref struct RowWriter
{
    private readonly RowBuffer _buffer;
    private readonly ReadOnlySpan<byte> _layout;
    private Span<byte> _space;
    private int _written;
    private int _column;

    /// <summary>Where the next column begins, within the bytes of the buffer.</summary>
    internal readonly int Place => _buffer.ByteCount + _written;

    internal RowWriter(RowBuffer buffer)
    {
        _buffer = buffer;
        _layout = buffer.Table.Layout;

        // All columns of fixed width, and the length of each variable one: only contents need to ask for more.
        _space = buffer.Reserve(0, buffer.Table.FixedBytes + (_layout.Length * RowEncoding.MaxLengthBytes));
    }

    /// <summary>Writes a null.</summary>
    /// <exception cref="InvalidOperationException">The column is never null.</exception>
    public void Null()
    {
        if (_column >= _layout.Length || (_layout[_column] & RowEncoding.NullableBit) == 0)
        {
            throw new InvalidOperationException(_column >= _layout.Length
                ? $"A null is written behind the last column of '{_buffer.Table.Name}'."
                : $"A null is written where '{_buffer.Table.Name}' has the column '{_buffer.Table.Columns[_column]}', which is never null.");
        }

        _column++;
        _space[_written++] = 1;
    }

    /// <summary>Writes a <see cref="ColumnType.UInt8"/>.</summary>
    /// <param name="value">The value.</param>
    public void UInt8(byte value) => Fixed(ColumnType.UInt8, value);

    /// <summary>Writes a <see cref="ColumnType.UInt16"/>.</summary>
    /// <param name="value">The value.</param>
    public void UInt16(ushort value) => Fixed(ColumnType.UInt16, value);

    /// <summary>Writes a <see cref="ColumnType.UInt32"/>.</summary>
    /// <param name="value">The value.</param>
    public void UInt32(uint value) => Fixed(ColumnType.UInt32, value);

    /// <summary>Writes a <see cref="ColumnType.UInt64"/>.</summary>
    /// <param name="value">The value.</param>
    public void UInt64(ulong value) => Fixed(ColumnType.UInt64, value);

    /// <summary>Writes an <see cref="ColumnType.Int64"/>.</summary>
    /// <param name="value">The value.</param>
    public void Int64(long value) => Fixed(ColumnType.Int64, value);

    /// <summary>Writes a <see cref="ColumnType.Float32"/>.</summary>
    /// <param name="value">A finite value; negative zero becomes zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite: write a null.</exception>
    public void Float32(float value)
    {
        if (!float.IsFinite(value))
        {
            ThrowNotFinite(value);
        }

        Fixed(ColumnType.Float32, value + 0f);
    }

    /// <summary>Writes a <see cref="ColumnType.Float64"/>.</summary>
    /// <param name="value">A finite value; negative zero becomes zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite: write a null.</exception>
    public void Float64(double value)
    {
        if (!double.IsFinite(value))
        {
            ThrowNotFinite(value);
        }

        Fixed(ColumnType.Float64, value + 0d);
    }

    /// <summary>Writes a <see cref="ColumnType.Boolean"/>.</summary>
    /// <param name="value">The value.</param>
    public void Boolean(bool value) => Fixed(ColumnType.Boolean, value ? (byte)1 : (byte)0);

    /// <summary>Writes a <see cref="ColumnType.Timestamp"/>.</summary>
    /// <param name="microseconds">Microseconds since the Unix epoch, UTC.</param>
    public void Timestamp(long microseconds) => Fixed(ColumnType.Timestamp, microseconds);

    /// <summary>Writes a <see cref="ColumnType.Key"/>.</summary>
    /// <param name="value">The value.</param>
    public void Key(scoped in Pubkey value) => Fixed(ColumnType.Key, value);

    /// <summary>Writes a <see cref="ColumnType.Signature"/>.</summary>
    /// <param name="value">The value.</param>
    public void Signature(scoped in Signature value) => Fixed(ColumnType.Signature, value);

    /// <summary>Writes a <see cref="ColumnType.Bytes"/>.</summary>
    /// <param name="value">The value.</param>
    public void Bytes(scoped ReadOnlySpan<byte> value) => Variable(ColumnType.Bytes, value);

    /// <summary>Writes a <see cref="ColumnType.Text"/>.</summary>
    /// <param name="utf8">Well-formed UTF-8 without U+0000; not checked, see <see cref="RowText"/>.</param>
    public void Text(scoped ReadOnlySpan<byte> utf8) => Variable(ColumnType.Text, utf8);

    /// <summary>Writes a <see cref="ColumnType.Json"/>.</summary>
    /// <param name="utf8">Well-formed JSON; not checked, see <see cref="RowText"/>.</param>
    public void Json(scoped ReadOnlySpan<byte> utf8) => Variable(ColumnType.Json, utf8);

    /// <summary>Makes the row part of the buffer.</summary>
    /// <exception cref="InvalidOperationException">Columns are missing.</exception>
    public void Complete()
    {
        if (_column != _layout.Length)
        {
            throw new InvalidOperationException($"A row of '{_buffer.Table.Name}' has {_layout.Length} columns, {_column} were written.");
        }

        _buffer.Commit(_written);
        _column = int.MaxValue;
    }

    /// <summary>Copies the first columns of another row of the table, all of fixed width.</summary>
    internal void Copy(scoped ReadOnlySpan<byte> encoded, int columns)
    {
        encoded.CopyTo(_space[_written..]);
        (_written, _column) = (_written + encoded.Length, _column + columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fixed<T>(ColumnType type, in T value)
        where T : unmanaged
    {
        Begin(type);
        MemoryMarshal.Write(_space[_written..], in value);
        _written += Unsafe.SizeOf<T>();
    }

    private void Variable(ColumnType type, scoped ReadOnlySpan<byte> value)
    {
        Begin(type);
        var length = (uint)value.Length;
        while (length >= 0x80)
        {
            _space[_written++] = (byte)(length | 0x80);
            length >>= 7;
        }

        _space[_written++] = (byte)length;
        _space = _buffer.Reserve(_written, value.Length + _buffer.Table.FixedBytes + ((_layout.Length - _column) * RowEncoding.MaxLengthBytes));
        value.CopyTo(_space[_written..]);
        _written += value.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Begin(ColumnType type)
    {
        if ((uint)_column >= (uint)_layout.Length || (_layout[_column] & ~RowEncoding.NullableBit) != (int)type)
        {
            RowEncoding.ThrowWrongColumn(_buffer.Table, _column, type, isWriting: true);
        }

        if ((_layout[_column++] & RowEncoding.NullableBit) != 0)
        {
            _space[_written++] = 0;
        }
    }

    [DoesNotReturn]
    private readonly void ThrowNotFinite(double value) => throw new ArgumentOutOfRangeException(
        nameof(value), value, $"'{_buffer.Table.Name}' takes finite numbers only in the column '{_buffer.Table.Columns[Math.Min(_column, _layout.Length - 1)].Name}': write a null.");
}
