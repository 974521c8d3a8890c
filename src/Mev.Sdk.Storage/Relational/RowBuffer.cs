using System.Buffers;

namespace Mev.Sdk.Storage.Relational;

/// <summary>Rows of one table, encoded as ClickHouse's RowBinary in one piece of pooled memory.</summary>
/// <remarks>
/// The bytes of a row are the same whichever database it came from or goes to, so they can be compared and summed up. Not thread-safe for writing; reading by
/// several threads is safe while nobody writes. <see cref="Dispose"/> gives the memory back.
/// </remarks>
/// <example>
/// <code>
/// using var rows = new RowBuffer(HistoryTables.Slots);
/// var row = rows.AddRow();
/// row.UInt64(lsn); row.UInt64(slot); row.Null(); row.Null(); row.UInt8(stage);
/// row.Complete();
/// for (var reader = rows.Read(); reader.NextRow();) { … }
/// </code>
/// </example>
public sealed class RowBuffer : IDisposable
{
    private const int FirstBytes = 4096;
    private byte[] _bytes = [];

    /// <summary>Makes an empty buffer; memory is taken with the first row.</summary>
    /// <param name="table">The table that the rows are of.</param>
    public RowBuffer(HistoryTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Table = table;
    }

    /// <summary>The table that the rows are of.</summary>
    public HistoryTable Table { get; }

    /// <summary>Whole rows in the buffer.</summary>
    public int RowCount { get; private set; }

    /// <summary>Bytes of the whole rows.</summary>
    public int ByteCount { get; private set; }

    /// <summary>The whole rows, one behind another; valid until the next row is added, <see cref="Clear"/> or <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, ByteCount);

    /// <summary>The same as <see cref="Memory"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, ByteCount);

    /// <summary>Begins a row; it becomes part of the buffer with <see cref="RowWriter.Complete"/>. One at a time.</summary>
    /// <returns>What writes its columns, in order.</returns>
    public RowWriter AddRow() => new(this);

    /// <summary>Adds a copy of a row of the same table.</summary>
    /// <param name="row">Exactly one row, as <see cref="RowReader.Row"/> gives it. Not checked.</param>
    public void AddRow(ReadOnlySpan<byte> row)
    {
        row.CopyTo(Reserve(0, row.Length));
        Commit(row.Length);
    }

    /// <summary>Adds copies of rows that came from elsewhere, after walking all of them.</summary>
    /// <param name="rows">Whole rows of this table.</param>
    /// <returns>How many.</returns>
    /// <exception cref="InvalidDataException">The last row is cut off, or a column cannot be what the table says; nothing was added.</exception>
    public int AddRows(ReadOnlySpan<byte> rows)
    {
        var count = 0;
        for (var reader = new RowReader(Table, rows); reader.NextRow();)
        {
            _ = reader.Row;
            count++;
        }

        rows.CopyTo(Reserve(0, rows.Length));
        ByteCount += rows.Length;
        RowCount += count;
        return count;
    }

    /// <summary>Reads the rows from the first on.</summary>
    /// <returns>A reader before the first row; valid until the next row is added, <see cref="Clear"/> or <see cref="Dispose"/>.</returns>
    public RowReader Read() => new(Table, Bytes);

    /// <summary>Forgets all rows and keeps the memory.</summary>
    public void Clear()
    {
        ByteCount = 0;
        RowCount = 0;
    }

    /// <summary>Gives the memory back; the buffer is empty and can be used again.</summary>
    public void Dispose()
    {
        Clear();
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    /// <summary>Memory behind the whole rows.</summary>
    /// <param name="written">Bytes of the row in progress, which are kept.</param>
    /// <param name="more">Bytes wanted behind them.</param>
    internal Span<byte> Reserve(int written, int more)
    {
        var needed = (long)ByteCount + written + more;
        if (needed > _bytes.Length)
        {
            Grow(needed, written);
        }

        return _bytes.AsSpan(ByteCount);
    }

    /// <summary>Writes over one byte of the whole rows.</summary>
    internal void Overwrite(int place, byte value) => _bytes.AsSpan(0, ByteCount)[place] = value;

    /// <summary>Changes places with another buffer of the same table.</summary>
    internal void Swap(RowBuffer other)
    {
        (_bytes, other._bytes) = (other._bytes, _bytes);
        (RowCount, other.RowCount) = (other.RowCount, RowCount);
        (ByteCount, other.ByteCount) = (other.ByteCount, ByteCount);
    }

    internal void Commit(int written)
    {
        ByteCount += written;
        RowCount++;
    }

    private void Grow(long needed, int written)
    {
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException($"The rows of '{Table.Name}' would take {needed} bytes; a buffer holds {Array.MaxLength}. Store them in smaller pieces.");
        }

        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(Math.Max(needed, FirstBytes), 2L * _bytes.Length), Array.MaxLength));
        _bytes.AsSpan(0, ByteCount + written).CopyTo(grown);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = grown;
    }
}
