using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Mev.Sdk.Storage.Relational;

/// <summary>Walks rows in RowBinary, forward, without copying.</summary>
/// <remarks>
/// <see cref="NextRow"/> goes to the next row, whatever was read of the one before; then each method reads one column, in order. Ask <see cref="ReadNull"/> before a
/// nullable column. Spans that are returned lie in the rows themselves.
/// </remarks>
public ref struct RowReader
{
    private readonly HistoryTable _table;
    private readonly ReadOnlySpan<byte> _layout;
    private readonly ReadOnlySpan<byte> _rows;
    private int _position;
    private int _start;
    private int _row;
    private int _column;
    private bool _markRead;

    /// <summary>Makes a reader before the first row.</summary>
    /// <param name="table">The table that the rows are of.</param>
    /// <param name="rows">Whole rows.</param>
    public RowReader(HistoryTable table, ReadOnlySpan<byte> rows)
    {
        ArgumentNullException.ThrowIfNull(table);
        _table = table;
        _layout = table.Layout;
        _rows = rows;
        _row = -1;
        _column = _layout.Length;
    }

    /// <summary>The column that is read next, counted from 0; the number of columns behind the last.</summary>
    public readonly int Column => _column;

    /// <summary>The current row, counted from 0.</summary>
    public readonly int RowIndex => _row;

    /// <summary>The bytes of the whole current row. Costs a walk over the columns that were not read yet, and does not change what is read next.</summary>
    /// <exception cref="InvalidDataException">The row is cut off.</exception>
    public readonly ReadOnlySpan<byte> Row
    {
        get
        {
            var walker = this;
            walker.SkipRest();
            return _rows[_start..walker._position];
        }
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False behind the last one.</returns>
    /// <exception cref="InvalidDataException">The current row is cut off.</exception>
    public bool NextRow()
    {
        SkipRest();
        if (_position >= _rows.Length)
        {
            return false;
        }

        _start = _position;
        _row++;
        _column = 0;
        return true;
    }

    /// <summary>Whether the next column is null; then it is passed.</summary>
    /// <returns>True for a null; false for a column that has a value, which is to be read next.</returns>
    public bool ReadNull()
    {
        if ((uint)_column >= (uint)_layout.Length)
        {
            RowEncoding.ThrowWrongColumn(_table, _column, ColumnType.UInt8, isWriting: false);
        }

        if ((_layout[_column] & RowEncoding.NullableBit) == 0 || _markRead)
        {
            return false;
        }

        if (Take(1)[0] == 0)
        {
            _markRead = true;
            return false;
        }

        _column++;
        return true;
    }

    /// <summary>Reads a <see cref="ColumnType.UInt8"/>.</summary>
    /// <returns>The value.</returns>
    public byte ReadUInt8() => Fixed<byte>(ColumnType.UInt8);

    /// <summary>Reads a <see cref="ColumnType.UInt16"/>.</summary>
    /// <returns>The value.</returns>
    public ushort ReadUInt16() => Fixed<ushort>(ColumnType.UInt16);

    /// <summary>Reads a <see cref="ColumnType.UInt32"/>.</summary>
    /// <returns>The value.</returns>
    public uint ReadUInt32() => Fixed<uint>(ColumnType.UInt32);

    /// <summary>Reads a <see cref="ColumnType.UInt64"/>.</summary>
    /// <returns>The value.</returns>
    public ulong ReadUInt64() => Fixed<ulong>(ColumnType.UInt64);

    /// <summary>Reads an <see cref="ColumnType.Int64"/>.</summary>
    /// <returns>The value.</returns>
    public long ReadInt64() => Fixed<long>(ColumnType.Int64);

    /// <summary>Reads a <see cref="ColumnType.Float32"/>.</summary>
    /// <returns>The value.</returns>
    public float ReadFloat32() => Fixed<float>(ColumnType.Float32);

    /// <summary>Reads a <see cref="ColumnType.Float64"/>.</summary>
    /// <returns>The value.</returns>
    public double ReadFloat64() => Fixed<double>(ColumnType.Float64);

    /// <summary>Reads a <see cref="ColumnType.Boolean"/>.</summary>
    /// <returns>The value.</returns>
    public bool ReadBoolean() => Fixed<byte>(ColumnType.Boolean) != 0;

    /// <summary>Reads a <see cref="ColumnType.Timestamp"/>.</summary>
    /// <returns>Microseconds since the Unix epoch, UTC.</returns>
    public long ReadTimestamp() => Fixed<long>(ColumnType.Timestamp);

    /// <summary>Reads a <see cref="ColumnType.Key"/>.</summary>
    /// <returns>Its 32 bytes in place.</returns>
    public ReadOnlySpan<byte> ReadKey()
    {
        Begin(ColumnType.Key);
        return Take(Pubkey.Size);
    }

    /// <summary>Reads a <see cref="ColumnType.Signature"/>.</summary>
    /// <returns>Its 64 bytes in place.</returns>
    public ReadOnlySpan<byte> ReadSignature()
    {
        Begin(ColumnType.Signature);
        return Take(Signature.Size);
    }

    /// <summary>Reads a <see cref="ColumnType.Bytes"/>, <see cref="ColumnType.Text"/> or <see cref="ColumnType.Json"/>.</summary>
    /// <returns>The value's bytes in place; UTF-8 for the latter two.</returns>
    public ReadOnlySpan<byte> ReadBytes()
    {
        Begin((uint)_column < (uint)_layout.Length && TypeOf(_column) >= ColumnType.Bytes ? TypeOf(_column) : ColumnType.Bytes);
        return Take(Length());
    }

    /// <summary>Reads a <see cref="ColumnType.Text"/> or <see cref="ColumnType.Json"/>.</summary>
    /// <returns>The text.</returns>
    public string ReadText() => Encoding.UTF8.GetString(ReadBytes());

    /// <summary>Passes the next column.</summary>
    public void Skip()
    {
        if (ReadNull())
        {
            return;
        }

        var type = TypeOf(_column);
        Begin(type);
        var width = RowEncoding.FixedBytes(type);
        _ = Take(width > 0 ? width : Length());
    }

    /// <summary>Reads the next column whatever its type: for tools and tests, it allocates.</summary>
    /// <returns>
    /// Null, or a number of the column's type, a bool, microseconds (<see cref="long"/>), a <see cref="Pubkey"/>, a <see cref="Mev.Sdk.Signature"/>, a byte array or a string.
    /// </returns>
    public object? ReadValue() => ReadNull() ? null : TypeOf(_column) switch
    {
        ColumnType.UInt8 => ReadUInt8(),
        ColumnType.UInt16 => ReadUInt16(),
        ColumnType.UInt32 => ReadUInt32(),
        ColumnType.UInt64 => ReadUInt64(),
        ColumnType.Int64 => ReadInt64(),
        ColumnType.Float32 => ReadFloat32(),
        ColumnType.Float64 => ReadFloat64(),
        ColumnType.Boolean => ReadBoolean(),
        ColumnType.Timestamp => ReadTimestamp(),
        ColumnType.Key => new Pubkey(ReadKey()),
        ColumnType.Signature => new Signature(ReadSignature()),
        ColumnType.Bytes => ReadBytes().ToArray(),
        _ => ReadText(),
    };

    /// <summary>Passes the next column and gives its bytes, a null's mark included.</summary>
    internal ReadOnlySpan<byte> ReadRaw()
    {
        var start = _position;
        Skip();
        return _rows[start.._position];
    }

    private readonly ColumnType TypeOf(int column) => (ColumnType)(_layout[column] & ~RowEncoding.NullableBit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Fixed<T>(ColumnType type)
        where T : unmanaged
    {
        Begin(type);
        return MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Begin(ColumnType type)
    {
        if ((uint)_column >= (uint)_layout.Length || (_layout[_column] & ~RowEncoding.NullableBit) != (int)type)
        {
            RowEncoding.ThrowWrongColumn(_table, _column, type, isWriting: false);
        }

        if ((_layout[_column] & RowEncoding.NullableBit) != 0 && !_markRead && Take(1)[0] != 0)
        {
            ThrowNull();
        }

        _markRead = false;
        _column++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int bytes)
    {
        if ((uint)bytes > (uint)(_rows.Length - _position))
        {
            RowEncoding.ThrowDamaged(_table, _row, _column);
        }

        var taken = _rows.Slice(_position, bytes);
        _position += bytes;
        return taken;
    }

    private int Length()
    {
        ulong length = 0;
        for (var shift = 0; shift < 7 * RowEncoding.MaxLengthBytes; shift += 7)
        {
            var part = Take(1)[0];
            length |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return length <= int.MaxValue ? (int)length : -1;
            }
        }

        return -1;
    }

    private void SkipRest()
    {
        while (_column < _layout.Length)
        {
            Skip();
        }
    }

    [DoesNotReturn]
    private readonly void ThrowNull() => throw new InvalidOperationException(
        $"The column '{_table.Columns[_column].Name}' of '{_table.Name}' is null in row {_row}: ask {nameof(ReadNull)} before reading it.");
}
