using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Reads one element of a block's <c>transactions</c> in one pass over its tokens: wire bytes and status meta, no tree in between.</summary>
/// <remarks>
/// Knows encodings json and base64 as nodes write them. Whatever else comes, it answers false and the caller reads the same bytes again the thorough
/// way, which knows more renderings and says what is wrong. Not thread-safe; keeps its memory.
/// </remarks>
internal sealed class FastTransaction
{
    private readonly FastMessage _message;
    private readonly FastMeta _meta;
    private readonly ByteBuffer _wireBytes = new(2048);
    private readonly ByteBuffer _metaBytes = new(16_384);

    public FastTransaction()
    {
        var texts = new KeyTexts();
        _message = new FastMessage(texts);
        _meta = new FastMeta(texts);
    }

    /// <summary>The transaction's bytes; valid until the next read.</summary>
    public ReadOnlySpan<byte> Wire => _wireBytes.Written;

    /// <summary>Its status meta, or empty; valid until the next read.</summary>
    public ReadOnlySpan<byte> Meta => _metaBytes.Written;

    /// <summary>Reads an element; the reader stands on its opening brace and ends on its closing one, unless the answer is false.</summary>
    public bool TryRead(ref Utf8JsonReader reader)
    {
        _wireBytes.Clear();
        _metaBytes.Clear();
        bool? versioned = null;
        bool hasTransaction = false, isBinary = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("transaction"u8))
            {
                if (!reader.Read() || hasTransaction)
                {
                    return false;
                }

                isBinary = reader.TokenType == JsonTokenType.StartArray;
                hasTransaction = isBinary ? TryBinary(ref reader) : reader.TokenType == JsonTokenType.StartObject && _message.TryRead(ref reader);
                if (!hasTransaction)
                {
                    return false;
                }
            }
            else if (reader.ValueTextEquals("meta"u8))
            {
                if (!reader.Read() || (reader.TokenType != JsonTokenType.Null && (reader.TokenType != JsonTokenType.StartObject || !TryMeta(ref reader))))
                {
                    return false;
                }
            }
            else if (reader.ValueTextEquals("version"u8))
            {
                if (!reader.Read() || !TryVersion(ref reader, ref versioned))
                {
                    return false;
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return hasTransaction && reader.TokenType == JsonTokenType.EndObject && (isBinary || _message.TryWrite(versioned, _wireBytes));
    }

    private static bool TryVersion(ref Utf8JsonReader reader, ref bool? versioned)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.String:
                versioned = false;
                return reader.ValueTextEquals("legacy"u8);
            case JsonTokenType.Number:
                versioned = true;
                return reader.TryGetByte(out var version) && version == 0;
            default:
                return false;
        }
    }

    private bool TryMeta(ref Utf8JsonReader reader)
    {
        if (!_meta.TryRead(ref reader, _message))
        {
            return false;
        }

        _meta.Write(_metaBytes);
        return true;
    }

    private bool TryBinary(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
        {
            return false;
        }

        var text = reader.ValueSpan;
        if (!reader.Read() || reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("base64"u8)
            || Base64.DecodeFromUtf8(text, _wireBytes.GetSpan(Base64.GetMaxDecodedFromUtf8Length(text.Length)), out _, out var length) != OperationStatus.Done)
        {
            return false;
        }

        _wireBytes.Advance(length);
        return reader.Read() && reader.TokenType == JsonTokenType.EndArray;
    }
}
