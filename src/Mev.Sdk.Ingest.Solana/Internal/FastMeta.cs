using System.Text.Json;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Writes a status meta as ConfirmedBlock protobuf straight from the tokens of <c>meta</c>, fields in the order of their numbers.</summary>
/// <remarks>Answers false for whatever it does not know; <see cref="MetaJson"/> then reads the same text with paths for its complaints. Not thread-safe.</remarks>
internal sealed class FastMeta(KeyTexts texts)
{
    private readonly FastTokenBalance _tokens = new(texts);
    private readonly ByteBuffer _pre = new();
    private readonly ByteBuffer _post = new();
    private readonly ByteBuffer _inner = new(2048);
    private readonly ByteBuffer _logs = new(8192);
    private readonly ByteBuffer _preTokens = new(2048);
    private readonly ByteBuffer _postTokens = new(2048);
    private readonly ByteBuffer _group = new(1024);
    private readonly ByteBuffer _scratch = new(1280);
    private readonly ByteBuffer _accounts = new();
    private readonly ByteBuffer _data = new(1280);
    private readonly ByteBuffer _writable = new(1024);
    private readonly ByteBuffer _readonly = new(1024);
    private readonly ByteBuffer _returned = new(128);
    private TransactionError _error;
    private ulong _fee;
    private ulong? _units;
    private int _preCount;
    private int _postCount;
    private bool _hasFee;
    private bool _hasInner;
    private bool _hasLogs;
    private bool _hasReturned;

    /// <summary>Reads a meta; the reader stands on the opening brace and ends on the closing one.</summary>
    public bool TryRead(ref Utf8JsonReader reader, FastMessage message)
    {
        Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryMember(ref reader, message))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject && _hasFee && _preCount == _postCount;
    }

    /// <summary>Writes the bytes.</summary>
    public void Write(ByteBuffer meta)
    {
        if (_error.Code != Records.TransactionErrorCode.None)
        {
            Span<byte> bincode = stackalloc byte[TransactionError.MaxBytes];
            _scratch.Clear();
            _scratch.Bytes(MetaTags.ErrorBytes, bincode[.._error.Encode(bincode)]);
            meta.Element(MetaTags.Error, _scratch.Written);
        }

        meta.Number(MetaTags.Fee, _fee);
        meta.Bytes(MetaTags.PreBalances, _pre.Written);
        meta.Bytes(MetaTags.PostBalances, _post.Written);
        meta.Add(_inner.Written);
        meta.Add(_logs.Written);
        meta.Add(_preTokens.Written);
        meta.Add(_postTokens.Written);
        meta.Number(MetaTags.InnerInstructionsNone, _hasInner ? 0u : 1);
        meta.Number(MetaTags.LogMessagesNone, _hasLogs ? 0u : 1);
        Keys(meta, MetaTags.LoadedWritable, _writable.Written);
        Keys(meta, MetaTags.LoadedReadonly, _readonly.Written);
        if (_hasReturned)
        {
            meta.Element(MetaTags.ReturnData, _returned.Written);
        }

        meta.Number(MetaTags.ReturnDataNone, _hasReturned ? 0u : 1);
        if (_units is { } units)
        {
            meta.OptionalNumber(MetaTags.ComputeUnitsConsumed, units);
        }
    }

    private static void Keys(ByteBuffer meta, int field, ReadOnlySpan<byte> keys)
    {
        for (; !keys.IsEmpty; keys = keys[Pubkey.Size..])
        {
            meta.Element(field, keys[..Pubkey.Size]);
        }
    }

    private void Clear()
    {
        foreach (var buffer in (ReadOnlySpan<ByteBuffer>)[_pre, _post, _inner, _logs, _preTokens, _postTokens, _writable, _readonly, _returned])
        {
            buffer.Clear();
        }

        _error = default;
        _fee = 0;
        _units = null;
        _preCount = _postCount = 0;
        _hasFee = _hasInner = _hasLogs = _hasReturned = false;
    }

    private bool TryMember(ref Utf8JsonReader reader, FastMessage message)
    {
        var name = reader.ValueSpan;
        if (name.SequenceEqual("logMessages"u8))
        {
            return TryLogs(ref reader);
        }

        if (name.SequenceEqual("innerInstructions"u8))
        {
            return TryInner(ref reader);
        }

        if (name.SequenceEqual("preTokenBalances"u8))
        {
            return _tokens.TryReadAll(ref reader, MetaTags.PreTokenBalances, _preTokens);
        }

        if (name.SequenceEqual("postTokenBalances"u8))
        {
            return _tokens.TryReadAll(ref reader, MetaTags.PostTokenBalances, _postTokens);
        }

        if (name.SequenceEqual("preBalances"u8))
        {
            return TryBalances(ref reader, _pre, out _preCount);
        }

        if (name.SequenceEqual("postBalances"u8))
        {
            return TryBalances(ref reader, _post, out _postCount);
        }

        if (name.SequenceEqual("fee"u8))
        {
            return _hasFee = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out _fee);
        }

        if (name.SequenceEqual("computeUnitsConsumed"u8))
        {
            return TryUnits(ref reader);
        }

        if (name.SequenceEqual("err"u8))
        {
            return TryError(ref reader);
        }

        if (name.SequenceEqual("loadedAddresses"u8))
        {
            return TryLoaded(ref reader, message);
        }

        if (name.SequenceEqual("returnData"u8))
        {
            return TryReturned(ref reader);
        }

        reader.Skip();
        return true;
    }

    private static bool TryBalances(ref Utf8JsonReader reader, ByteBuffer balances, out int count)
    {
        count = 0;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            if (!Digits.TryNumber(reader.ValueSpan, out var lamports))
            {
                return false;
            }

            balances.Varint(lamports);
            count++;
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private bool TryUnits(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        var read = reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var units) ? units : (ulong?)null;
        _units = read;
        return read is not null;
    }

    private bool TryError(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        try
        {
            // One transaction in five fails; what its error carries is small.
            using var document = JsonDocument.ParseValue(ref reader);
            _error = ErrorJson.Read(JsonNode.Root(document.RootElement));
            return true;
        }
        catch (JsonShapeException)
        {
            return false;
        }
    }

    private bool TryLogs(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        _hasLogs = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            if (!reader.ValueIsEscaped)
            {
                _logs.Element(MetaTags.LogMessages, reader.ValueSpan);
                continue;
            }

            _scratch.Clear();
            try
            {
                _scratch.Advance(reader.CopyString(_scratch.GetSpan(reader.ValueSpan.Length)));
            }
            catch (InvalidOperationException)
            {
                return false; // half a character is escaped
            }

            _logs.Element(MetaTags.LogMessages, _scratch.Written);
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private bool TryInner(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        _hasInner = true;
        var before = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (!TryGroup(ref reader, ref before))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private bool TryGroup(ref Utf8JsonReader reader, ref int before)
    {
        _group.Clear();
        byte index = 0;
        var seen = 0;
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("index"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetByte(out index))
                {
                    return false;
                }

                seen |= 1;
            }
            else if (reader.ValueTextEquals("instructions"u8))
            {
                if (!TryInstructions(ref reader, out count))
                {
                    return false;
                }

                seen |= 2;
            }
            else
            {
                return false;
            }
        }

        // Groups out of order or twice are for those who merge them.
        if (seen != 3 || index <= before || reader.TokenType != JsonTokenType.EndObject)
        {
            return false;
        }

        before = index;
        if (count > 0)
        {
            var indexBytes = index == 0 ? 0 : index < 0x80 ? 2 : 3;
            _inner.Varint((MetaTags.InnerInstructions << 3) | 2);
            _inner.Varint((ulong)(indexBytes + _group.Count));
            _inner.Number(MetaTags.GroupIndex, index);
            _inner.Add(_group.Written);
        }

        return true;
    }

    private bool TryInstructions(ref Utf8JsonReader reader, out int count)
    {
        count = 0;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (!FastInstructions.TryRead(ref reader, _accounts, _data, out var program, out var height))
            {
                return false;
            }

            _scratch.Clear();
            _scratch.Number(MetaTags.ProgramIndex, program);
            _scratch.Bytes(MetaTags.Accounts, _accounts.Written);
            _scratch.Bytes(MetaTags.Data, _data.Written);
            _scratch.Number(MetaTags.StackHeight, height);
            _group.Element(MetaTags.GroupInstructions, _scratch.Written);
            count++;
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private bool TryLoaded(ref Utf8JsonReader reader, FastMessage message)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var read = reader.ValueTextEquals("writable"u8) ? message.TryKeys(ref reader, _writable)
                : reader.ValueTextEquals("readonly"u8) && message.TryKeys(ref reader, _readonly);
            if (!read)
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private bool TryReturned(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        Pubkey program = default;
        var seen = 0;
        _data.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("programId"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.String || !texts.TryGet(reader.ValueSpan, out program))
                {
                    return false;
                }

                seen |= 1;
            }
            else if (!reader.ValueTextEquals("data"u8) || !TryReturnedData(ref reader))
            {
                return false;
            }
            else
            {
                seen |= 2;
            }
        }

        _returned.Element(MetaTags.ReturnProgram, Pubkey.AsSpan(in program));
        _returned.Bytes(MetaTags.ReturnBytes, _data.Written);
        _hasReturned = true;
        return seen == 3 && reader.TokenType == JsonTokenType.EndObject;
    }

    private bool TryReturnedData(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.String
            || !reader.TryGetBytesFromBase64(out var data) || data.Length > StatusMetaBuilder.MaxReturnDataBytes)
        {
            return false;
        }

        _data.Add(data);
        return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("base64"u8)
            && reader.Read() && reader.TokenType == JsonTokenType.EndArray;
    }
}
