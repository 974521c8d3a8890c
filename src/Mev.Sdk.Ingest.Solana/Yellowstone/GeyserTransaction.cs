using Mev.Sdk.Ingest.Solana.Internal;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Puts a transaction's wire bytes together from <c>solana.storage.ConfirmedBlock.Transaction</c>, in place, without objects in between.</summary>
/// <remarks>Not thread-safe; keeps its memory. Whether the bytes are a transaction is for the decoder to say.</remarks>
internal sealed class GeyserTransaction
{
    private readonly ByteBuffer _wire = new(2048);
    private readonly ByteBuffer _keys = new(2048);
    private readonly ByteBuffer _instructions = new(2048);
    private readonly ByteBuffer _lookups = new();
    private readonly GeyserTransactionV1 _version1 = new();
    private int _keyCount;
    private int _instructionCount;
    private int _lookupCount;

    /// <summary>The bytes; valid until the next write.</summary>
    public ReadOnlySpan<byte> Wire => _wire.Written;

    /// <summary>Writes one transaction.</summary>
    /// <param name="transaction">The protobuf message.</param>
    /// <param name="problem">What is wrong, or null.</param>
    public bool TryWrite(ReadOnlySpan<byte> transaction, out string? problem)
    {
        _wire.Clear();
        ReadOnlySpan<byte> message = default;
        var signatures = 0;
        var fields = new ProtoFields(transaction);
        while (fields.Next())
        {
            if (fields.Field == 1)
            {
                if (fields.Bytes.Length != Signature.Size)
                {
                    problem = "a signature is not 64 bytes long";
                    return false;
                }

                signatures++;
            }
            else if (fields.Field == 2)
            {
                message = fields.Bytes;
            }
        }

        if (fields.IsMalformed || signatures > ushort.MaxValue)
        {
            problem = "the transaction's message is malformed";
            return false;
        }

        if (GeyserTransactionV1.IsVersion1(message))
        {
            return _version1.TryWrite(transaction, message, _wire, out problem);
        }

        _wire.CompactU16(signatures);
        fields = new ProtoFields(transaction);
        while (fields.Next())
        {
            if (fields.Field == 1)
            {
                _wire.Add(fields.Bytes);
            }
        }

        problem = WriteMessage(message);
        return problem is null;
    }

    private string? WriteMessage(ReadOnlySpan<byte> message)
    {
        _keys.Clear();
        _instructions.Clear();
        _lookups.Clear();
        _keyCount = _instructionCount = _lookupCount = 0;
        ReadOnlySpan<byte> header = default, blockhash = default;
        var versioned = false;
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    header = fields.Bytes;
                    break;
                case 2 when fields.Bytes.Length == Pubkey.Size:
                    _keys.Add(fields.Bytes);
                    _keyCount++;
                    break;
                case 2:
                    return "a key is not 32 bytes long";
                case 3:
                    blockhash = fields.Bytes;
                    break;
                case 4:
                    if (!TryInstruction(fields.Bytes))
                    {
                        return "an instruction is malformed";
                    }

                    break;
                case 5:
                    versioned = fields.Number != 0;
                    break;
                case 6:
                    if (!TryLookup(fields.Bytes))
                    {
                        return "an address lookup is malformed";
                    }

                    break;
            }
        }

        if (fields.IsMalformed || blockhash.Length != Pubkey.Size || _keyCount > ushort.MaxValue || _instructionCount > ushort.MaxValue || _lookupCount > ushort.MaxValue)
        {
            return "the message is malformed";
        }

        if (versioned)
        {
            _wire.Add(0x80);
        }

        if (!TryHeader(header))
        {
            return "the message's header is malformed";
        }

        _wire.CompactU16(_keyCount);
        _wire.Add(_keys.Written);
        _wire.Add(blockhash);
        _wire.CompactU16(_instructionCount);
        _wire.Add(_instructions.Written);
        if (versioned)
        {
            _wire.CompactU16(_lookupCount);
            _wire.Add(_lookups.Written);
        }

        return null;
    }

    private bool TryHeader(ReadOnlySpan<byte> header)
    {
        Span<byte> counts = stackalloc byte[3];
        counts.Clear();
        var fields = new ProtoFields(header);
        while (fields.Next())
        {
            if (fields.Field <= 3)
            {
                if (fields.Number > byte.MaxValue)
                {
                    return false;
                }

                counts[fields.Field - 1] = (byte)fields.Number;
            }
        }

        _wire.Add(counts);
        return !fields.IsMalformed;
    }

    private bool TryInstruction(ReadOnlySpan<byte> instruction)
    {
        ulong program = 0;
        ReadOnlySpan<byte> accounts = default, data = default;
        var fields = new ProtoFields(instruction);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    program = fields.Number;
                    break;
                case 2:
                    accounts = fields.Bytes;
                    break;
                case 3:
                    data = fields.Bytes;
                    break;
            }
        }

        if (fields.IsMalformed || program > byte.MaxValue || accounts.Length > ushort.MaxValue || data.Length > ushort.MaxValue)
        {
            return false;
        }

        _instructions.Add((byte)program);
        Counted(_instructions, accounts);
        Counted(_instructions, data);
        _instructionCount++;
        return true;
    }

    private bool TryLookup(ReadOnlySpan<byte> lookup)
    {
        ReadOnlySpan<byte> table = default, writable = default, readable = default;
        var fields = new ProtoFields(lookup);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    table = fields.Bytes;
                    break;
                case 2:
                    writable = fields.Bytes;
                    break;
                case 3:
                    readable = fields.Bytes;
                    break;
            }
        }

        if (fields.IsMalformed || table.Length != Pubkey.Size || writable.Length > ushort.MaxValue || readable.Length > ushort.MaxValue)
        {
            return false;
        }

        _lookups.Add(table);
        Counted(_lookups, writable);
        Counted(_lookups, readable);
        _lookupCount++;
        return true;
    }

    private static void Counted(ByteBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        buffer.CompactU16(bytes.Length);
        buffer.Add(bytes);
    }
}
