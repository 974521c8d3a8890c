using System.Buffers;
using System.Buffers.Binary;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Turns what binary COPY sends of a view into rows of the catalogue.</summary>
/// <param name="stream">What COPY TO sends; columns in the order and types of the view. Not disposed.</param>
/// <param name="table">The table that they are rows of.</param>
/// <remarks>https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format". Not thread-safe.</remarks>
internal sealed class CopyReader(Stream stream, HistoryTable table) : IDisposable
{
    // PostgreSQL counts microseconds from 2000 on.
    private const long EpochMicroseconds = 946_684_800_000_000;

    private readonly (ColumnType Type, bool IsNullable)[] _columns = [.. table.Columns.Select(static c => (c.Type, c.IsNullable))];
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1 << 18);
    private int _from;
    private int _to;
    private bool _begun;
    private bool _ended;

    /// <summary>Reads rows until the buffer has enough.</summary>
    /// <param name="rows">Gets them; what it has stays.</param>
    /// <param name="enough">Bytes of rows that are enough.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when there are no more: what was got so far is all.</returns>
    /// <exception cref="InvalidDataException">It is not what COPY sends.</exception>
    public async ValueTask<bool> ReadAsync(RowBuffer rows, int enough, CancellationToken cancellationToken)
    {
        while (!_ended && rows.ByteCount < enough)
        {
            if (!TryTake(rows))
            {
                await FillAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return !_ended;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_from > 0)
        {
            _bytes.AsSpan(_from, _to - _from).CopyTo(_bytes);
            (_from, _to) = (0, _to - _from);
        }

        if (_to == _bytes.Length)
        {
            var grown = ArrayPool<byte>.Shared.Rent(checked(_bytes.Length * 2));
            _bytes.AsSpan(0, _to).CopyTo(grown);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = grown;
        }

        var read = await stream.ReadAsync(_bytes.AsMemory(_to), cancellationToken).ConfigureAwait(false);
        _to += read;
        if (read == 0)
        {
            throw new InvalidDataException($"PostgreSQL ended in the middle of a row of {table.Name}.");
        }
    }

    // Either the next piece as a whole, or nothing.
    private bool TryTake(RowBuffer rows)
    {
        var bytes = _bytes.AsSpan(_from, _to - _from);
        if (!_begun)
        {
            var header = CopyBuffer.Header.Length;
            _begun = bytes.Length >= header;
            _from += _begun ? header : 0;
            return _begun;
        }

        if (bytes.Length < sizeof(short))
        {
            return false;
        }

        var fields = BinaryPrimitives.ReadInt16BigEndian(bytes);
        if (fields == -1)
        {
            _ended = true;
            return true;
        }

        if (fields != _columns.Length)
        {
            throw new InvalidDataException($"PostgreSQL sent {fields} columns of {table.Name}, which has {_columns.Length}.");
        }

        var length = LengthOf(bytes[sizeof(short)..], fields);
        if (length < 0)
        {
            return false;
        }

        Append(bytes.Slice(sizeof(short), length), rows);
        _from += sizeof(short) + length;
        return true;
    }

    // -1 = not all of it has come.
    private static int LengthOf(ReadOnlySpan<byte> bytes, int fields)
    {
        var at = 0;
        for (var i = 0; i < fields; i++)
        {
            if (bytes.Length - at < sizeof(int))
            {
                return -1;
            }

            at += sizeof(int) + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(bytes[at..]));
            if (at > bytes.Length)
            {
                return -1;
            }
        }

        return at;
    }

    private void Append(ReadOnlySpan<byte> bytes, RowBuffer rows)
    {
        var row = rows.AddRow();
        foreach (var (type, isNullable) in _columns)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
            bytes = bytes[sizeof(int)..];
            if (length < 0 && isNullable)
            {
                row.Null();
                continue;
            }

            Append(ref row, type, bytes[..Math.Max(0, length)]);
            bytes = bytes[Math.Max(0, length)..];
        }

        row.Complete();
    }

    // Empty for a row of an earlier catalogue, in a column that is never null in this one: it gets a zero.
    private static void Append(ref RowWriter row, ColumnType type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case ColumnType.UInt8:
                row.UInt8((byte)Number(value));
                break;
            case ColumnType.UInt16:
                row.UInt16((ushort)Number(value));
                break;
            case ColumnType.UInt32:
                row.UInt32((uint)Number(value));
                break;
            case ColumnType.UInt64:
                row.UInt64((ulong)Number(value));
                break;
            case ColumnType.Int64:
                row.Int64(Number(value));
                break;
            case ColumnType.Float32:
                row.Float32(BitConverter.Int32BitsToSingle((int)Number(value)));
                break;
            case ColumnType.Float64:
                row.Float64(BitConverter.Int64BitsToDouble(Number(value)));
                break;
            case ColumnType.Boolean:
                row.Boolean(Number(value) != 0);
                break;
            case ColumnType.Timestamp:
                row.Timestamp(value.IsEmpty ? 0 : Number(value) + EpochMicroseconds);
                break;
            case ColumnType.Key:
                row.Key(value.IsEmpty ? default : new Pubkey(value));
                break;
            case ColumnType.Signature:
                row.Signature(value.IsEmpty ? default : new Signature(value));
                break;
            case ColumnType.Bytes:
                row.Bytes(value);
                break;
            case ColumnType.Text:
                row.Text(value);
                break;
            case ColumnType.Json:
                row.Json(value);
                break;
            default:
                throw new InvalidOperationException($"PostgreSQL has no type for {type}.");
        }
    }

    private static long Number(ReadOnlySpan<byte> value) => value.Length switch
    {
        0 => 0,
        1 => value[0],
        2 => BinaryPrimitives.ReadInt16BigEndian(value),
        4 => BinaryPrimitives.ReadInt32BigEndian(value),
        8 => BinaryPrimitives.ReadInt64BigEndian(value),
        var length => throw new InvalidDataException($"PostgreSQL sent a number of {length} bytes."),
    };
}
