using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Projection;

/// <summary>How fields of records become columns: what records say in a special value becomes a null.</summary>
internal static class RowWriterExtensions
{
    public static void KeyOrNull(this ref RowWriter row, in Pubkey value)
    {
        if (value.IsZero)
        {
            row.Null();
        }
        else
        {
            row.Key(in value);
        }
    }

    public static void SignatureOrNull(this ref RowWriter row, in Signature value)
    {
        if (value.IsZero)
        {
            row.Null();
        }
        else
        {
            row.Signature(in value);
        }
    }

    public static void UInt64OrNull(this ref RowWriter row, ulong value)
    {
        if (value == 0)
        {
            row.Null();
        }
        else
        {
            row.UInt64(value);
        }
    }

    public static void Int64OrNull(this ref RowWriter row, long value)
    {
        if (value == 0)
        {
            row.Null();
        }
        else
        {
            row.Int64(value);
        }
    }

    public static void UInt32OrNull(this ref RowWriter row, uint value, bool isKnown)
    {
        if (isKnown)
        {
            row.UInt32(value);
        }
        else
        {
            row.Null();
        }
    }

    public static void Float32OrNull(this ref RowWriter row, float value)
    {
        if (float.IsFinite(value))
        {
            row.Float32(value);
        }
        else
        {
            row.Null();
        }
    }

    public static void Float64OrNull(this ref RowWriter row, double value)
    {
        if (double.IsFinite(value))
        {
            row.Float64(value);
        }
        else
        {
            row.Null();
        }
    }

    public static void BooleanOrNull(this ref RowWriter row, bool? value)
    {
        if (value is { } stated)
        {
            row.Boolean(stated);
        }
        else
        {
            row.Null();
        }
    }

    public static void TimestampOrNull(this ref RowWriter row, long? microseconds)
    {
        if (microseconds is { } stated)
        {
            row.Timestamp(stated);
        }
        else
        {
            row.Null();
        }
    }

    public static void TimeOrNull(this ref RowWriter row, ulong nanoseconds) => row.TimestampOrNull(UnixMicroseconds.FromNanoseconds(nanoseconds));

    /// <summary>The time that a row is ordered by: what the record says, else when its frame was written, else the epoch.</summary>
    public static void TimeOf(this ref RowWriter row, in RecordView record, ulong nanoseconds) =>
        row.Timestamp(UnixMicroseconds.FromNanoseconds(nanoseconds) ?? UnixMicroseconds.FromNanoseconds(record.Header.EngineTimeNanoseconds) ?? 0);

    /// <summary>A number that is stable on disk and small; 255 for one of a later version that does not fit.</summary>
    public static void Enumeration(this ref RowWriter row, uint value) => row.UInt8((byte)Math.Min(value, byte.MaxValue));

    public static void CleanText(this ref RowWriter row, scoped ReadOnlySpan<byte> bytes) => row.Text(RowText.Text(bytes));

    public static void JsonOrNull(this ref RowWriter row, scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            row.Null();
        }
        else
        {
            row.Json(RowText.Json(bytes));
        }
    }
}
