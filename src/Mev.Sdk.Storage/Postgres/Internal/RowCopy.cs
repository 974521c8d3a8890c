using System.Buffers.Binary;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Turns rows of the catalogue into rows of binary COPY.</summary>
/// <param name="layout">How the table is kept.</param>
/// <param name="ids">Ids of the keys and words that the rows name, each in the order in which the rows name them; empty when the layout has none.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class RowCopy(TableLayout layout, IdList ids)
{
    // PostgreSQL counts microseconds from 2000 on.
    private const long EpochMicroseconds = 946_684_800_000_000;
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly ColumnType[] _types = [.. layout.Table.Columns.Select(static c => c.Type)];
    private readonly (ColumnForm Form, int Bytes)[] _forms = [.. layout.Forms];

    /// <summary>Appends rows.</summary>
    /// <param name="rows">Rows of the layout's table.</param>
    /// <param name="to">Gets them.</param>
    /// <param name="starts">Gets where each begins; null when nobody wants to know.</param>
    public void Append(RowBuffer rows, CopyBuffer to, List<int>? starts = null)
    {
        for (var reader = rows.Read(); reader.NextRow();)
        {
            starts?.Add(to.Length);
            to.BeginRow(layout.Columns.Count);
            ulong lsn = 0;
            for (var column = 0; column < _forms.Length; column++)
            {
                Append(ref reader, to, column, ref lsn);
            }
        }
    }

    private void Append(ref RowReader reader, CopyBuffer to, int column, ref ulong lsn)
    {
        var (form, bytes) = _forms[column];
        if (form == ColumnForm.BatchTime)
        {
            reader.Skip();
            return;
        }

        if (reader.ReadNull())
        {
            to.Null();
            if (form is ColumnForm.Narrow or ColumnForm.Seconds or ColumnForm.Halves)
            {
                to.Null();
            }

            return;
        }

        switch (form)
        {
            case ColumnForm.Plain when column == 0 && _types[0] == ColumnType.UInt64:
                lsn = reader.ReadUInt64();
                to.Int64((long)lsn);
                break;
            case ColumnForm.Plain:
                Plain(ref reader, to, _types[column]);
                break;
            case ColumnForm.Narrow:
                Narrow(to, Number(ref reader, _types[column]), bytes, _types[column]);
                break;
            case ColumnForm.Byte or ColumnForm.Stage:
                to.Int8(reader.ReadUInt8());
                break;
            case ColumnForm.Seconds:
                Seconds(to, reader.ReadTimestamp());
                break;
            case ColumnForm.Halves:
                var signature = reader.ReadSignature();
                to.Int64(BinaryPrimitives.ReadInt64BigEndian(signature));
                to.Bytes(signature[8..]);
                break;
            case ColumnForm.KeyId or ColumnForm.WordId:
                reader.Skip();
                to.Int32(ids.Next());
                break;
            case ColumnForm.OwnLsn:
                Own(to, reader.ReadUInt64(), lsn);
                break;
            default:
                throw new InvalidOperationException($"There is no form {form}.");
        }
    }

    private static void Plain(ref RowReader reader, CopyBuffer to, ColumnType type)
    {
        switch (type)
        {
            case ColumnType.UInt8:
                to.Int16(reader.ReadUInt8());
                break;
            case ColumnType.UInt16:
                to.Int32(reader.ReadUInt16());
                break;
            case ColumnType.UInt32:
                to.Int64(reader.ReadUInt32());
                break;
            case ColumnType.UInt64:
                to.Int64((long)reader.ReadUInt64());
                break;
            case ColumnType.Int64:
                to.Int64(reader.ReadInt64());
                break;
            case ColumnType.Float32:
                to.Float32(reader.ReadFloat32());
                break;
            case ColumnType.Float64:
                to.Float64(reader.ReadFloat64());
                break;
            case ColumnType.Boolean:
                to.Int8(reader.ReadBoolean() ? (byte)1 : (byte)0);
                break;
            case ColumnType.Timestamp:
                to.Int64(reader.ReadTimestamp() - EpochMicroseconds);
                break;
            case ColumnType.Key:
                to.Bytes(reader.ReadKey());
                break;
            case ColumnType.Signature:
                to.Bytes(reader.ReadSignature());
                break;
            default:
                to.Bytes(reader.ReadBytes());
                break;
        }
    }

    private static ulong Number(ref RowReader reader, ColumnType type) => type switch
    {
        ColumnType.UInt8 => reader.ReadUInt8(),
        ColumnType.UInt16 => reader.ReadUInt16(),
        ColumnType.UInt32 => reader.ReadUInt32(),
        _ => reader.ReadUInt64(),
    };

    // No narrow column is nullable in the catalogue, so two nulls are free to mean 0.
    private static void Narrow(CopyBuffer to, ulong value, int bytes, ColumnType type)
    {
        if (value == 0)
        {
            to.Null();
            to.Null();
        }
        else if (bytes == 2 && value <= (ulong)short.MaxValue)
        {
            to.Int16((short)value);
            to.Null();
        }
        else if (bytes == 4 && value <= int.MaxValue)
        {
            to.Int32((int)value);
            to.Null();
        }
        else
        {
            to.Null();
            Far(to, value, type);
        }
    }

    private static void Far(CopyBuffer to, ulong value, ColumnType type)
    {
        if (type == ColumnType.UInt16)
        {
            to.Int32((int)value);
        }
        else
        {
            to.Int64((long)value);
        }
    }

    private static void Seconds(CopyBuffer to, long microseconds)
    {
        var since2000 = microseconds - EpochMicroseconds;
        var (seconds, rest) = Math.DivRem(since2000, MicrosecondsPerSecond);
        if (rest == 0 && seconds is >= int.MinValue and <= int.MaxValue)
        {
            to.Int32((int)seconds);
            to.Null();
        }
        else
        {
            to.Null();
            to.Int64(since2000);
        }
    }

    private static void Own(CopyBuffer to, ulong value, ulong lsn)
    {
        if (value == lsn)
        {
            to.Null();
        }
        else
        {
            to.Int64((long)value);
        }
    }
}
