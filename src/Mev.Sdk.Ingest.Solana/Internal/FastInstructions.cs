using System.Text.Json;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Reads instructions of encoding json straight from their tokens. Answers false for whatever it does not know; others then look again.</summary>
internal static class FastInstructions
{
    /// <summary>Longest data that is decoded here, characters: see <see cref="JsonNode.MaxBase58Characters"/>.</summary>
    private const int MaxData = JsonNode.MaxBase58Characters;

    /// <summary>Reads one instruction; the reader stands on its opening brace and ends on its closing one.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, ByteBuffer accounts, ByteBuffer data, out byte program, out uint stackHeight)
    {
        accounts.Clear();
        data.Clear();
        program = 0;
        stackHeight = 0;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            if (name.SequenceEqual("programIdIndex"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !Digits.TryByte(reader.ValueSpan, out program))
                {
                    return false;
                }

                seen |= 1;
            }
            else if (name.SequenceEqual("accounts"u8))
            {
                if (!TryBytes(ref reader, accounts))
                {
                    return false;
                }

                seen |= 2;
            }
            else if (name.SequenceEqual("data"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.String || !TryBase58(reader.ValueSpan, data))
                {
                    return false;
                }

                seen |= 4;
            }
            else if (name.SequenceEqual("stackHeight"u8))
            {
                if (!reader.Read() || (reader.TokenType == JsonTokenType.Number ? !reader.TryGetUInt32(out stackHeight) : reader.TokenType != JsonTokenType.Null))
                {
                    return false;
                }
            }
            else if (name.SequenceEqual("parsed"u8) || name.SequenceEqual("programId"u8))
            {
                return false;
            }
            else
            {
                reader.Skip();
            }
        }

        return seen == 7 && reader.TokenType == JsonTokenType.EndObject;
    }

    /// <summary>Reads an array of numbers from 0 to 255; the reader stands before it and ends on its closing bracket.</summary>
    public static bool TryBytes(ref Utf8JsonReader reader, ByteBuffer bytes)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            if (!Digits.TryByte(reader.ValueSpan, out var value))
            {
                return false;
            }

            bytes.Add(value);
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool TryBase58(ReadOnlySpan<byte> text, ByteBuffer data)
    {
        var length = 0;
        if (text.Length <= ShortBase58.MaxCharacters
            ? !ShortBase58.TryDecode(text, data.GetSpan(text.Length), out length)
            : text.Length > MaxData || !Base58.TryDecode(text, data.GetSpan(text.Length), out length))
        {
            return false;
        }

        data.Advance(length);
        return true;
    }
}
