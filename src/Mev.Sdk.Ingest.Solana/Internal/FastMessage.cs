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

    /// <summary>Reads signatures and message; the scanner stands before the opening brace and ends behind the closing one.</summary>
    public bool TryRead(ref JsonScanner scanner)
    {
        _signatures.Clear();
        _keys.Clear();
        _instructions.Clear();
        _lookups.Clear();
        _instructionCount = _lookupCount = _seen = 0;
        var seen = 0;
        if (!scanner.TryOpen((byte)'{'))
        {
            return false;
        }

        while (scanner.NextMember(out var name))
        {
            if (name.SequenceEqual("signatures"u8))
            {
                if ((seen & 1) != 0 || !TrySignatures(ref scanner))
                {
                    return false;
                }

                seen |= 1;
            }
            else if (name.SequenceEqual("message"u8))
            {
                if ((seen & 2) != 0 || !TryMessage(ref scanner))
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

        return seen == 3 && scanner.Closed;
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

    private bool TrySignatures(ref JsonScanner scanner)
    {
        if (!scanner.TryOpen((byte)'['))
        {
            return false;
        }

        while (scanner.NextItem())
        {
            if (!scanner.TryText(out var text) || !Base58.TryDecode64(text, _signatures.GetSpan(Signature.Size)[..Signature.Size]))
            {
                return false;
            }

            _signatures.Advance(Signature.Size);
        }

        return scanner.Closed && _signatures.Count <= byte.MaxValue * Signature.Size;
    }

    private bool TryMessage(ref JsonScanner scanner)
    {
        if (!scanner.TryOpen((byte)'{'))
        {
            return false;
        }

        while (scanner.NextMember(out var name))
        {
            if (name.SequenceEqual("instructions"u8))
            {
                if ((_seen & 1) != 0 || !TryInstructions(ref scanner))
                {
                    return false;
                }

                _seen |= 1;
            }
            else if (name.SequenceEqual("accountKeys"u8))
            {
                if ((_seen & 2) != 0 || !TryKeys(ref scanner, _keys))
                {
                    return false;
                }

                _seen |= 2;
            }
            else if (name.SequenceEqual("header"u8))
            {
                if (!TryHeader(ref scanner))
                {
                    return false;
                }

                _seen |= 4;
            }
            else if (name.SequenceEqual("recentBlockhash"u8))
            {
                if (!scanner.TryText(out var text) || !texts.TryGet(text, out _blockhash))
                {
                    return false;
                }

                _seen |= 8;
            }
            else if (name.SequenceEqual("addressTableLookups"u8))
            {
                if (_lookupCount > 0 || !TryLookups(ref scanner))
                {
                    return false;
                }
            }
            else
            {
                return false;
            }
        }

        return scanner.Closed;
    }

    /// <summary>Reads an array of keys' texts; the scanner stands before it and ends behind it.</summary>
    public bool TryKeys(ref JsonScanner scanner, ByteBuffer keys)
    {
        if (!scanner.TryOpen((byte)'['))
        {
            return false;
        }

        while (scanner.NextItem())
        {
            if (!scanner.TryText(out var text) || !texts.TryGet(text, out var key))
            {
                return false;
            }

            keys.Add(in key);
        }

        return scanner.Closed;
    }

    private bool TryHeader(ref JsonScanner scanner)
    {
        var seen = 0;
        if (!scanner.TryOpen((byte)'{'))
        {
            return false;
        }

        while (scanner.NextMember(out var name))
        {
            var which = name.SequenceEqual("numRequiredSignatures"u8) ? 1
                : name.SequenceEqual("numReadonlySignedAccounts"u8) ? 2
                : name.SequenceEqual("numReadonlyUnsignedAccounts"u8) ? 4
                : 0;
            if (which == 0 || !scanner.TryByte(out var value))
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

        return seen == 7 && scanner.Closed;
    }

    private bool TryInstructions(ref JsonScanner scanner)
    {
        if (!scanner.TryOpen((byte)'['))
        {
            return false;
        }

        while (scanner.NextItem())
        {
            if (!FastInstructions.TryRead(ref scanner, _accounts, _data, out var program, out _))
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

        return scanner.Closed && _instructionCount <= ushort.MaxValue;
    }

    private bool TryLookups(ref JsonScanner scanner)
    {
        if (!scanner.TryOpen((byte)'['))
        {
            return scanner.TryNull();
        }

        while (scanner.NextItem())
        {
            Pubkey table = default;
            var seen = 0;
            _accounts.Clear();
            _readonly.Clear();
            if (!scanner.TryOpen((byte)'{'))
            {
                return false;
            }

            while (scanner.NextMember(out var name))
            {
                var read = name.SequenceEqual("accountKey"u8) ? scanner.TryText(out var text) && texts.TryGet(text, out table) ? 1 : 0
                    : name.SequenceEqual("writableIndexes"u8) ? scanner.TryBytes(_accounts) ? 2 : 0
                    : name.SequenceEqual("readonlyIndexes"u8) && scanner.TryBytes(_readonly) ? 4 : 0;
                if (read == 0)
                {
                    return false;
                }

                seen |= read;
            }

            if (seen != 7 || !scanner.Closed)
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

        return scanner.Closed && _lookupCount <= ushort.MaxValue;
    }
}
