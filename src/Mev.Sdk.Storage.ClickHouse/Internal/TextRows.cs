using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Reads answers in the format TabSeparated, which says every number of every width exactly.</summary>
internal static class TextRows
{
    /// <summary>Reads one row and passes it.</summary>
    /// <exception cref="InvalidDataException">It is not what the fields say.</exception>
    public static HistoryRow Read(ref ReadOnlySpan<byte> text, IReadOnlyList<SqlField> fields)
    {
        var values = new HistoryValue[fields.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var end = text.IndexOfAny((byte)'\t', (byte)'\n');
            if (end < 0 || text[end] == (byte)'\n' != (i == values.Length - 1))
            {
                throw new InvalidDataException($"ClickHouse's answer has another number of columns than the {values.Length} that were asked for.");
            }

            values[i] = Value(text[..end], fields[i]);
            text = text[(end + 1)..];
        }

        return new HistoryRow(values);
    }

    private static HistoryValue Value(ReadOnlySpan<byte> text, SqlField field)
    {
        if (text.SequenceEqual("\\N"u8))
        {
            return HistoryValue.Null;
        }

        switch (field.Kind)
        {
            case HistoryValueKind.Integer when Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return HistoryValue.Integer(number);
            case HistoryValueKind.Timestamp when Utf8Parser.TryParse(text, out long microseconds, out var read) && read == text.Length:
                return HistoryValue.Timestamp(microseconds);
            case HistoryValueKind.Float when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real):
                return HistoryValue.Float(real);
            case HistoryValueKind.Boolean:
                return HistoryValue.Boolean(text.SequenceEqual("true"u8) || text.SequenceEqual("1"u8));
            case HistoryValueKind.Bytes:
                return HistoryValue.Bytes(Unescape(text));
            case HistoryValueKind.Text:
                return HistoryValue.Text(Encoding.UTF8.GetString(Unescape(text)));
            default:
                throw new InvalidDataException($"ClickHouse gave '{Encoding.UTF8.GetString(text)}' for '{field.Name}', which is {field.Kind}.");
        }
    }

    private static byte[] Unescape(ReadOnlySpan<byte> text)
    {
        var bytes = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            bytes[length++] = text[i] != (byte)'\\' || ++i >= text.Length ? text[Math.Min(i, text.Length - 1)] : text[i] switch
            {
                (byte)'b' => (byte)8,
                (byte)'f' => (byte)12,
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                (byte)'0' => (byte)0,
                var other => other,
            };
        }

        return bytes[..length];
    }
}
