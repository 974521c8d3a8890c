using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Mev.Sdk.Storage.Relational;

/// <summary>Makes text from outside acceptable to every database, the same way for all of them.</summary>
public static class RowText
{
    // jsonb keeps numbers as decimals: of a number with a huge exponent it would write all digits, or refuse it.
    private const int MaxExponent = 400;
    private const int MaxNumberBytes = 400;

    /// <summary>Makes bytes a <see cref="ColumnType.Text"/>: what is not UTF-8, and U+0000, which PostgreSQL cannot hold, becomes U+FFFD.</summary>
    /// <param name="bytes">Bytes that should be UTF-8.</param>
    /// <returns>The same span when there is nothing to change.</returns>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) && !bytes.Contains((byte)0) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace('\0', '\uFFFD'));

    /// <summary>
    /// Makes bytes a <see cref="ColumnType.Json"/>: a JSON value stays as it is, to the byte; what is none, or is one that <c>jsonb</c> refuses (escaped U+0000, half surrogates,
    /// numbers beyond a double, more than 64 levels), becomes a JSON string of the text.
    /// </summary>
    /// <param name="bytes">Bytes that should be JSON in UTF-8; not empty: an empty value is a null.</param>
    /// <returns>The same span when there is nothing to change.</returns>
    public static ReadOnlySpan<byte> Json(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) && IsJson(bytes) ? bytes : JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(Text(bytes)), RowTextJson.Default.String);

    private static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                if (!IsAcceptable(ref reader))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsAcceptable(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String or JsonTokenType.PropertyName => !reader.ValueIsEscaped || IsAcceptableText(ref reader),
        JsonTokenType.Number => IsAcceptableNumber(reader.ValueSpan),
        _ => true,
    };

    private static bool IsAcceptableText(ref Utf8JsonReader reader)
    {
        try
        {
            return !reader.GetString()!.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return false; // half of a surrogate pair
        }
    }

    private static bool IsAcceptableNumber(ReadOnlySpan<byte> number)
    {
        var exponent = number.IndexOfAny((byte)'e', (byte)'E');
        if (number.Length > MaxNumberBytes)
        {
            return false;
        }

        if (exponent < 0)
        {
            return true;
        }

        // The sign is before the digits, and a plus is not a number's to Utf8Parser.
        var digits = number[(exponent + 1)..].TrimStart("+-"u8);
        return Utf8Parser.TryParse(digits, out int value, out var taken) && taken == digits.Length && value <= MaxExponent;
    }
}
