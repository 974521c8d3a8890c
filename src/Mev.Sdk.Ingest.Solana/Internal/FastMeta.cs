using System.Buffers;
using System.Buffers.Text;
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
    private int _seen;
    private int _preCount;
    private int _postCount;
    private bool _hasFee;
    private bool _hasInner;
    private bool _hasLogs;
    private bool _hasReturned;

    /// <summary>Reads a meta; the scanner stands before the opening brace and ends behind the closing one.</summary>
    public bool TryRead(ref JsonScanner scanner, FastMessage message)
    {
        Clear();
        if (!scanner.TryOpen((byte)'{'))
        {
            return false;
        }

        while (scanner.NextMember(out var name))
        {
            if (!TryMember(ref scanner, name, message))
            {
                return false;
            }
        }

        return scanner.Closed && _hasFee && _preCount == _postCount;
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
        _seen = _preCount = _postCount = 0;
        _hasFee = _hasInner = _hasLogs = _hasReturned = false;
    }

    private bool TryMember(ref JsonScanner scanner, ReadOnlySpan<byte> name, FastMessage message)
    {
        if (name.SequenceEqual("logMessages"u8))
        {
            return IsFirst(1) && TryLogs(ref scanner);
        }

        if (name.SequenceEqual("innerInstructions"u8))
        {
            return IsFirst(2) && TryInner(ref scanner);
        }

        if (name.SequenceEqual("preTokenBalances"u8))
        {
            return IsFirst(4) && _tokens.TryReadAll(ref scanner, MetaTags.PreTokenBalances, _preTokens);
        }

        if (name.SequenceEqual("postTokenBalances"u8))
        {
            return IsFirst(8) && _tokens.TryReadAll(ref scanner, MetaTags.PostTokenBalances, _postTokens);
        }

        if (name.SequenceEqual("preBalances"u8))
        {
            return IsFirst(16) && TryBalances(ref scanner, _pre, out _preCount);
        }

        if (name.SequenceEqual("postBalances"u8))
        {
            return IsFirst(32) && TryBalances(ref scanner, _post, out _postCount);
        }

        if (name.SequenceEqual("fee"u8))
        {
            return _hasFee = scanner.TryNumber(out _fee);
        }

        if (name.SequenceEqual("computeUnitsConsumed"u8))
        {
            return TryUnits(ref scanner);
        }

        if (name.SequenceEqual("err"u8))
        {
            return TryError(ref scanner);
        }

        if (name.SequenceEqual("loadedAddresses"u8))
        {
            return IsFirst(64) && TryLoaded(ref scanner, message);
        }

        if (name.SequenceEqual("returnData"u8))
        {
            return IsFirst(128) && TryReturned(ref scanner);
        }

        return scanner.TrySkip();
    }

    // Of a member that comes twice JSON's readers take the last; here it would be both.
    private bool IsFirst(int member)
    {
        var isFirst = (_seen & member) == 0;
        _seen |= member;
        return isFirst;
    }

    private static bool TryBalances(ref JsonScanner scanner, ByteBuffer balances, out int count)
    {
        count = 0;
        if (!scanner.TryOpen((byte)'['))
        {
            return false;
        }

        while (scanner.NextItem())
        {
            if (!scanner.TryNumber(out var lamports))
            {
                return false;
            }

            balances.Varint(lamports);
            count++;
        }

        return scanner.Closed;
    }

    private bool TryUnits(ref JsonScanner scanner)
    {
        if (scanner.TryNull())
        {
            return true;
        }

        var read = scanner.TryNumber(out var units);
        _units = units;
        return read;
    }

    private bool TryError(ref JsonScanner scanner)
    {
        if (scanner.TryNull() || TryCustomError(ref scanner))
        {
            return true;
        }

        // One transaction in five fails, nearly always with a program's own code; the others are small.
        if (!scanner.TryReader(out var json))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            _error = ErrorJson.Read(JsonNode.Root(document.RootElement));
            return true;
        }
        catch (JsonShapeException)
        {
            return false;
        }
    }

    private bool TryCustomError(ref JsonScanner scanner)
    {
        var start = scanner;
        if (scanner.TryExact("{\"InstructionError\":["u8) && scanner.TryByte(out var index) && scanner.TryExact(",{\"Custom\":"u8)
            && scanner.TryNumber(out var code) && code <= uint.MaxValue && scanner.TryExact("}]}"u8))
        {
            _error = TransactionError.Instruction(index, Records.InstructionErrorCode.Custom, (uint)code);
            return true;
        }

        scanner = start;
        return false;
    }

    private bool TryLogs(ref JsonScanner scanner)
    {
        if (!scanner.TryOpen((byte)'['))
        {
            return scanner.TryNull();
        }

        _hasLogs = true;
        while (scanner.NextItem())
        {
            if (!scanner.TryAnyText(out var text, _scratch))
            {
                return false;
            }

            _logs.Element(MetaTags.LogMessages, text);
        }

        return scanner.Closed;
    }

    private bool TryInner(ref JsonScanner scanner)
    {
        if (!scanner.TryOpen((byte)'['))
        {
            return scanner.TryNull();
        }

        _hasInner = true;
        var before = -1;
        while (scanner.NextItem())
        {
            if (!TryGroup(ref scanner, ref before))
            {
                return false;
            }
        }

        return scanner.Closed;
    }

    private bool TryGroup(ref JsonScanner scanner, ref int before)
    {
        _group.Clear();
        byte index = 0;
        var seen = 0;
        var count = 0;
        if (!scanner.TryOpen((byte)'{'))
        {
            return false;
        }

        while (scanner.NextMember(out var name))
        {
            if (name.SequenceEqual("index"u8))
            {
                if (!scanner.TryByte(out index))
                {
                    return false;
                }

                seen |= 1;
            }
            else if (name.SequenceEqual("instructions"u8))
            {
                if (!TryInstructions(ref scanner, out count))
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
        if (seen != 3 || index <= before || !scanner.Closed)
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

    private bool TryInstructions(ref JsonScanner scanner, out int count)
    {
        count = 0;
        if (!scanner.TryOpen((byte)'['))
        {
            return false;
        }

        while (scanner.NextItem())
        {
            if (!FastInstructions.TryRead(ref scanner, _accounts, _data, out var program, out var height))
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

        return scanner.Closed;
    }

    private bool TryLoaded(ref JsonScanner scanner, FastMessage message)
    {
        if (!scanner.TryOpen((byte)'{'))
        {
            return scanner.TryNull();
        }

        while (scanner.NextMember(out var name))
        {
            var read = name.SequenceEqual("writable"u8) ? message.TryKeys(ref scanner, _writable)
                : name.SequenceEqual("readonly"u8) && message.TryKeys(ref scanner, _readonly);
            if (!read)
            {
                return false;
            }
        }

        return scanner.Closed;
    }

    private bool TryReturned(ref JsonScanner scanner)
    {
        if (!scanner.TryOpen((byte)'{'))
        {
            return scanner.TryNull();
        }

        Pubkey program = default;
        var seen = 0;
        _data.Clear();
        while (scanner.NextMember(out var name))
        {
            if (name.SequenceEqual("programId"u8))
            {
                if (!scanner.TryText(out var text) || !texts.TryGet(text, out program))
                {
                    return false;
                }

                seen |= 1;
            }
            else if (!name.SequenceEqual("data"u8) || !TryReturnedData(ref scanner))
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
        return seen == 3 && scanner.Closed;
    }

    private bool TryReturnedData(ref JsonScanner scanner)
    {
        if (!scanner.TryOpen((byte)'[') || !scanner.NextItem() || !scanner.TryText(out var text))
        {
            return false;
        }

        var longest = Base64.GetMaxDecodedFromUtf8Length(text.Length);
        if (Base64.DecodeFromUtf8(text, _data.GetSpan(longest), out _, out var length) != OperationStatus.Done || length > StatusMetaBuilder.MaxReturnDataBytes)
        {
            return false;
        }

        _data.Advance(length);
        return scanner.NextItem() && scanner.TryText(out var encoding) && encoding.SequenceEqual("base64"u8) && !scanner.NextItem() && scanner.Closed;
    }
}
