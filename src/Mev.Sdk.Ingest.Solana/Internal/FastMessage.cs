using System.Text.Json;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Puts a transaction's wire bytes together straight from the tokens of encoding json. Not thread-safe; keeps its memory.</summary>
internal sealed class FastMessage(KeyTexts texts)
{
    private readonly ByteBuffer _signatures = new();
    private readonly ByteBuffer _keys = new(2048);
    private readonly ByteBuffer _instructions = new(2048);
    private readonly ByteBuffer _lookups = new();
    private readonly ByteBuffer _accounts = new();
    private readonly ByteBuffer _data = new(1280);
    private readonly ByteBuffer _readonly = new();
    private Pubkey _blockhash;
    private int _instructionCount;
    private int _lookupCount;
    private byte _required;
    private byte _readonlySigned;
    private byte _readonlyUnsigned;
    private int _seen;

    /// <summary>Reads signatures and message; the reader stands on the opening brace and ends on the closing one.</summary>
    public bool TryRead(ref Utf8JsonReader reader)
    {
        _signatures.Clear();
        _keys.Clear();
        _instructions.Clear();
        _lookups.Clear();
        _instructionCount = _lookupCount = _seen = 0;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            if (name.SequenceEqual("signatures"u8))
            {
                if (!TrySignatures(ref reader))
                {
                    return false;
                }

                seen |= 1;
            }
            else if (name.SequenceEqual("message"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !TryMessage(ref reader))
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

        return seen == 3 && reader.TokenType == JsonTokenType.EndObject;
    }

    /// <summary>Writes the bytes.</summary>
    /// <param name="versioned">The element's version: 0, or legacy; null when it had none.</param>
    /// <param name="wire">Where they go.</param>
    public bool TryWrite(bool? versioned, ByteBuffer wire)
    {
        var isV0 = versioned ?? (_lookupCount > 0);
        if (_seen != 15 || _keys.Count / Pubkey.Size > byte.MaxValue || (!isV0 && _lookupCount > 0))
        {
            return false;
        }

        wire.CompactU16(_signatures.Count / Signature.Size);
        wire.Add(_signatures.Written);
        if (isV0)
        {
            wire.Add(0x80);
        }

        wire.Add(_required);
        wire.Add(_readonlySigned);
        wire.Add(_readonlyUnsigned);
        wire.CompactU16(_keys.Count / Pubkey.Size);
        wire.Add(_keys.Written);
        wire.Add(in _blockhash);
        wire.CompactU16(_instructionCount);
        wire.Add(_instructions.Written);
        if (isV0)
        {
            wire.CompactU16(_lookupCount);
            wire.Add(_lookups.Written);
        }

        return true;
    }

    private bool TrySignatures(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            if (!Base58.TryDecode64(reader.ValueSpan, _signatures.GetSpan(Signature.Size)[..Signature.Size]))
            {
                return false;
            }

            _signatures.Advance(Signature.Size);
        }

        return reader.TokenType == JsonTokenType.EndArray && _signatures.Count <= byte.MaxValue * Signature.Size;
    }

    private bool TryMessage(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            if (name.SequenceEqual("instructions"u8))
            {
                if (!TryInstructions(ref reader))
                {
                    return false;
                }

                _seen |= 1;
            }
            else if (name.SequenceEqual("accountKeys"u8))
            {
                if (!TryKeys(ref reader, _keys))
                {
                    return false;
                }

                _seen |= 2;
            }
            else if (name.SequenceEqual("header"u8))
            {
                if (!TryHeader(ref reader))
                {
                    return false;
                }

                _seen |= 4;
            }
            else if (name.SequenceEqual("recentBlockhash"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.String || !texts.TryGet(reader.ValueSpan, out _blockhash))
                {
                    return false;
                }

                _seen |= 8;
            }
            else if (name.SequenceEqual("addressTableLookups"u8))
            {
                if (!TryLookups(ref reader))
                {
                    return false;
                }
            }
            else
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    /// <summary>Reads an array of keys' texts; the reader stands before it and ends on its closing bracket.</summary>
    public bool TryKeys(ref Utf8JsonReader reader, ByteBuffer keys)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            if (!texts.TryGet(reader.ValueSpan, out var key))
            {
                return false;
            }

            keys.Add(in key);
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private bool TryHeader(ref Utf8JsonReader reader)
    {
        var seen = 0;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var which = reader.ValueTextEquals("numRequiredSignatures"u8) ? 1
                : reader.ValueTextEquals("numReadonlySignedAccounts"u8) ? 2
                : reader.ValueTextEquals("numReadonlyUnsignedAccounts"u8) ? 4
                : 0;
            if (which == 0 || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetByte(out var value))
            {
                return false;
            }

            seen |= which;
            (_required, _readonlySigned, _readonlyUnsigned) = which switch
            {
                1 => (value, _readonlySigned, _readonlyUnsigned),
                2 => (_required, value, _readonlyUnsigned),
                _ => (_required, _readonlySigned, value),
            };
        }

        return seen == 7 && reader.TokenType == JsonTokenType.EndObject;
    }

    private bool TryInstructions(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (!FastInstructions.TryRead(ref reader, _accounts, _data, out var program, out _))
            {
                return false;
            }

            _instructions.Add(program);
            _instructions.CompactU16(_accounts.Count);
            _instructions.Add(_accounts.Written);
            _instructions.CompactU16(_data.Count);
            _instructions.Add(_data.Written);
            _instructionCount++;
        }

        return reader.TokenType == JsonTokenType.EndArray && _instructionCount <= ushort.MaxValue;
    }

    private bool TryLookups(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return reader.TokenType == JsonTokenType.Null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            Pubkey table = default;
            var seen = 0;
            _accounts.Clear();
            _readonly.Clear();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.ValueSpan;
                var read = name.SequenceEqual("accountKey"u8) ? reader.Read() && reader.TokenType == JsonTokenType.String && texts.TryGet(reader.ValueSpan, out table) ? 1 : 0
                    : name.SequenceEqual("writableIndexes"u8) ? FastInstructions.TryBytes(ref reader, _accounts) ? 2 : 0
                    : name.SequenceEqual("readonlyIndexes"u8) && FastInstructions.TryBytes(ref reader, _readonly) ? 4 : 0;
                if (read == 0)
                {
                    return false;
                }

                seen |= read;
            }

            if (seen != 7 || reader.TokenType != JsonTokenType.EndObject)
            {
                return false;
            }

            _lookups.Add(in table);
            _lookups.CompactU16(_accounts.Count);
            _lookups.Add(_accounts.Written);
            _lookups.CompactU16(_readonly.Count);
            _lookups.Add(_readonly.Written);
            _lookupCount++;
        }

        return reader.TokenType == JsonTokenType.EndArray && _lookupCount <= ushort.MaxValue;
    }
}
