using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A value in JSON. What a string means is decided by the column that it meets.</summary>
internal sealed class HistoryValueJson : JsonConverter<HistoryValue>
{
    private const long MaxExact = 1L << 53;

    public override bool HandleNull => true;

    public static void Write(Utf8JsonWriter writer, HistoryValue value)
    {
        switch (value.Kind)
        {
            case HistoryValueKind.Null:
                writer.WriteNullValue();
                break;
            case HistoryValueKind.Integer when value.AsInteger() >= -MaxExact && value.AsInteger() <= MaxExact:
                writer.WriteNumberValue(value.AsInt64());
                break;
            case HistoryValueKind.Float:
                writer.WriteNumberValue(value.AsFloat());
                break;
            case HistoryValueKind.Boolean:
                writer.WriteBooleanValue(value.AsBoolean());
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }

    public override HistoryValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return HistoryValue.Null;
            case JsonTokenType.True or JsonTokenType.False:
                return reader.GetBoolean();
            case JsonTokenType.String:
                return reader.GetString()!;
            case JsonTokenType.Number:
                ReadOnlySpan<byte> digits = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
                if (Int128.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
                {
                    return HistoryValue.Integer(integer);
                }

                return reader.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw new JsonException("The number is beyond all that a column holds.");
            default:
                throw new JsonException("A value is a number, a string, true, false or null.");
        }
    }

    public override void Write(Utf8JsonWriter writer, HistoryValue value, JsonSerializerOptions options) => Write(writer, value);
}
