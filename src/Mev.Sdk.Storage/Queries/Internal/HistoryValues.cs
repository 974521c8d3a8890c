using System.Buffers;
using System.Globalization;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>Values and the columns they meet.</summary>
internal static class HistoryValues
{
    public const int MaxTextBytes = 1024;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public static HistoryValueKind KindOf(ColumnType type) => type switch
    {
        ColumnType.Float32 or ColumnType.Float64 => HistoryValueKind.Float,
        ColumnType.Boolean => HistoryValueKind.Boolean,
        ColumnType.Timestamp => HistoryValueKind.Timestamp,
        ColumnType.Key or ColumnType.Signature or ColumnType.Bytes => HistoryValueKind.Bytes,
        ColumnType.Text or ColumnType.Json => HistoryValueKind.Text,
        _ => HistoryValueKind.Integer,
    };

    public static bool IsInteger(ColumnType type) => type <= ColumnType.Int64;

    public static bool IsUnsigned(ColumnType type) => type <= ColumnType.UInt64;

    public static bool IsFloat(ColumnType type) => type is ColumnType.Float32 or ColumnType.Float64;

    public static bool IsHashable(ColumnType type) => type is ColumnType.Key or ColumnType.Signature;

    /// <summary>The numbers that an integer column can hold.</summary>
    public static (Int128 Min, Int128 Max) LimitsOf(ColumnType type) => type switch
    {
        ColumnType.UInt8 => (0, byte.MaxValue),
        ColumnType.UInt16 => (0, ushort.MaxValue),
        ColumnType.UInt32 => (0, uint.MaxValue),
        ColumnType.UInt64 => (0, ulong.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };

    /// <summary>Makes a value what a column holds: text from outside is read by the column's type.</summary>
    /// <param name="column">The column.</param>
    /// <param name="value">The value; not null.</param>
    /// <param name="bound">The value as the column has it.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static string? Bind(HistoryColumn column, HistoryValue value, out HistoryValue bound)
    {
        var kind = KindOf(column.Type);
        bound = value;
        if (value.Kind == HistoryValueKind.Text && kind != HistoryValueKind.Text)
        {
            if (!TryRead(column.Type, value.AsText(), out bound))
            {
                return $"'{Shown(value.AsText())}' is no {Expected(column.Type)}";
            }
        }
        else if (value.Kind == HistoryValueKind.Integer && kind is HistoryValueKind.Float or HistoryValueKind.Timestamp)
        {
            bound = kind == HistoryValueKind.Float ? HistoryValue.Float((double)value.AsInteger())
                : value.AsInteger() is var number && number >= long.MinValue && number <= long.MaxValue ? HistoryValue.Timestamp((long)number) : default;
        }
        else if (value.Kind == HistoryValueKind.Float && kind == HistoryValueKind.Integer && double.IsInteger(value.AsFloat()) && Math.Abs(value.AsFloat()) <= 1L << 53)
        {
            bound = HistoryValue.Integer((Int128)value.AsFloat());
        }

        if (bound.Kind != kind)
        {
            return $"a value of kind {value.Kind} is no {Expected(column.Type)}";
        }

        return kind switch
        {
            HistoryValueKind.Bytes when LengthOf(column.Type) is var length and > 0 && bound.AsBytes().Length != length => $"it has {length} bytes, the value {bound.AsBytes().Length}",
            HistoryValueKind.Bytes when bound.AsBytes().Length > MaxTextBytes => $"the value has {bound.AsBytes().Length} bytes, at most {MaxTextBytes} are compared",
            HistoryValueKind.Text when System.Text.Encoding.UTF8.GetByteCount(bound.AsText()) > MaxTextBytes => $"the value is longer than {MaxTextBytes} bytes",
            HistoryValueKind.Text when !IsStorable(bound.AsText()) => "the value has U+0000 or half a surrogate pair, which no row has",
            _ => null,
        };
    }

    private static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[++i]))))
            {
                return false;
            }
        }

        return true;
    }

    private static int LengthOf(ColumnType type) => type switch { ColumnType.Key => Pubkey.Size, ColumnType.Signature => Signature.Size, _ => 0 };

    private static string Expected(ColumnType type) => type switch
    {
        ColumnType.Key => "key: 32 bytes, in base58",
        ColumnType.Signature => "signature: 64 bytes, in base58",
        ColumnType.Bytes => "bytes: 0x and hexadecimal digits",
        ColumnType.Timestamp => "instant: ISO 8601 such as 2026-01-31T12:00:00Z, or microseconds since 1970",
        ColumnType.Boolean => "truth value: true or false",
        ColumnType.Float32 or ColumnType.Float64 => "finite number",
        ColumnType.Text or ColumnType.Json => "text",
        _ => "whole number",
    };

    private static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "…";

    private static bool TryRead(ColumnType type, string text, out HistoryValue value)
    {
        value = default;
        switch (type)
        {
            case ColumnType.Key when Pubkey.TryParse(text, null, out var key):
                value = HistoryValue.Key(key);
                return true;
            case ColumnType.Signature when Signature.TryParse(text, null, out var signature):
                value = HistoryValue.Signature(signature);
                return true;
            case ColumnType.Bytes when text.StartsWith("0x", StringComparison.Ordinal) && text.Length % 2 == 0 && text.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0:
                value = HistoryValue.Bytes(Convert.FromHexString(text.AsSpan(2)));
                return true;
            case ColumnType.Boolean when text is "true" or "false":
                value = text == "true";
                return true;
            case ColumnType.Timestamp when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var microseconds):
                value = HistoryValue.Timestamp(microseconds);
                return true;
            case ColumnType.Timestamp when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time):
                value = HistoryValue.Timestamp(time);
                return true;
            case ColumnType.Float32 or ColumnType.Float64 when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number):
                value = HistoryValue.Float(number);
                return true;
            case <= ColumnType.Int64 when Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer):
                value = HistoryValue.Integer(integer);
                return true;
            default:
                return false;
        }
    }
}
