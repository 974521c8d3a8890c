using System.Text.Json;
using System.Text.Json.Serialization;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A stretch of slots or of time in JSON.</summary>
internal sealed class HistorySpanJson : JsonConverter<HistorySpan>
{
    public override HistorySpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A span is an object: firstSlot and lastSlot, or from and until.");
        }

        HistorySpan? span = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var range = name is "firstSlot" or "lastSlot" ? HistoryRange.Slot : name is "from" or "until" ? HistoryRange.Time : throw new JsonException($"A span has no '{name}'.");
            if (span is { } other && other.Range != range)
            {
                throw new JsonException("A span is of slots or of time, not of both.");
            }

            reader.Read();
            var stated = span ?? HistorySpan.All(range);
            span = name switch
            {
                "firstSlot" => stated with { First = Slot(ref reader) },
                "lastSlot" => stated with { Last = Slot(ref reader) },
                "from" => stated with { First = Time(ref reader) },
                _ => stated with { Last = Time(ref reader) - 1 },
            };
        }

        return span ?? throw new JsonException("A span has firstSlot and lastSlot, or from and until.");
    }

    public override void Write(Utf8JsonWriter writer, HistorySpan value, JsonSerializerOptions options)
    {
        var all = HistorySpan.All(value.Range);
        var isSlots = value.Range == HistoryRange.Slot;
        writer.WriteStartObject();
        if (value.First > all.First || value == all)
        {
            End(isSlots ? "firstSlot" : "from", value.First);
        }

        if (value.Last < all.Last)
        {
            End(isSlots ? "lastSlot" : "until", isSlots ? value.Last : value.Last + 1);
        }

        writer.WriteEndObject();

        void End(string name, Int128 end)
        {
            writer.WritePropertyName(name);
            HistoryValueJson.Write(writer, isSlots ? HistoryValue.Integer(end) : HistoryValue.Timestamp((long)end));
        }
    }

    private static Int128 Slot(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var slot) || (reader.TokenType == JsonTokenType.String && ulong.TryParse(reader.GetString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out slot))
            ? slot : throw new JsonException("A slot is a whole number, 0 to 2^64 - 1.");

    private static Int128 Time(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var text = reader.GetString();
            if (DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time))
            {
                return HistoryValue.Timestamp(time).AsMicroseconds();
            }

            if (long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var microseconds))
            {
                return microseconds;
            }
        }

        throw new JsonException("An instant is a string in ISO 8601, such as 2026-01-31T12:00:00Z.");
    }
}
