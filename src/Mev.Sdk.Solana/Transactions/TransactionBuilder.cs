using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Solana.Transactions;

/// <summary>Puts a transaction's wire bytes together from its parts.</summary>
/// <remarks>
/// It writes what it is told, in the order it is told, and signs nothing. Not thread-safe. <see cref="Clear"/> makes it ready for another
/// transaction and keeps its memory.
/// </remarks>
/// <example>
/// <code>
/// var wire = new TransactionBuilder()
///     .AddSignature(signature)
///     .SetHeader(requiredSignatures: 1, readonlySigned: 0, readonlyUnsigned: 1)
///     .AddKey(payer).AddKey(receiver).AddKey(KnownPrograms.System)
///     .SetRecentBlockhash(blockhash)
///     .AddInstruction(programIndex: 2, accounts: [0, 1], data)
///     .ToArray();
/// </code>
/// </example>
public sealed class TransactionBuilder
{
    private readonly List<Signature> _signatures = [];
    private readonly List<Pubkey> _keys = [];
    private readonly ArrayBufferWriter<byte> _instructions = new();
    private readonly ArrayBufferWriter<byte> _lookups = new();
    private readonly ArrayBufferWriter<byte> _instructionHeaders = new(); // as version 1 wants them
    private readonly ArrayBufferWriter<byte> _instructionPayloads = new();
    private int _instructionCount;
    private int _lookupCount;
    private int _mostAccounts;
    private Pubkey _blockhash;
    private (byte Required, byte ReadonlySigned, byte ReadonlyUnsigned) _header;
    private MessageFormat _format;
    private TransactionConfig _config;

    /// <summary>Keys added so far: the index that the next key gets.</summary>
    public int KeyCount => _keys.Count;

    /// <summary>Instructions added so far: the index that the next instruction gets.</summary>
    public int InstructionCount => _instructionCount;

    /// <summary>Forgets everything.</summary>
    /// <returns>This builder.</returns>
    public TransactionBuilder Clear()
    {
        _signatures.Clear();
        _keys.Clear();
        _instructions.ResetWrittenCount();
        _lookups.ResetWrittenCount();
        _instructionCount = 0;
        _lookupCount = 0;
        _mostAccounts = 0;
        _blockhash = default;
        _header = default;
        _format = MessageFormat.Legacy;
        _config = default;
        _instructionHeaders.ResetWrittenCount();
        _instructionPayloads.ResetWrittenCount();
        return this;
    }

    /// <summary>Chooses the message's layout; legacy unless called.</summary>
    /// <param name="format">Legacy, version 0 or version 1.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another layout.</exception>
    public TransactionBuilder SetFormat(MessageFormat format)
    {
        if (format is not (MessageFormat.Legacy or MessageFormat.V0 or MessageFormat.V1))
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "Legacy, version 0 and version 1 messages can be built.");
        }

        _format = format;
        return this;
    }

    /// <summary>Sets what the message asks for in its header and makes it version 1.</summary>
    /// <param name="config">The requests.</param>
    /// <returns>This builder.</returns>
    public TransactionBuilder SetConfig(TransactionConfig config)
    {
        _config = config;
        _format = MessageFormat.V1;
        return this;
    }

    /// <summary>Adds a signature; the first is the transaction's identity.</summary>
    /// <param name="signature">The signature.</param>
    /// <returns>This builder.</returns>
    public TransactionBuilder AddSignature(in Signature signature)
    {
        _signatures.Add(signature);
        return this;
    }

    /// <summary>Says which of the static keys sign and which are readonly.</summary>
    /// <param name="requiredSignatures">Keys at the front that sign.</param>
    /// <param name="readonlySigned">The last so many of those are readonly.</param>
    /// <param name="readonlyUnsigned">The last so many of the other static keys are readonly.</param>
    /// <returns>This builder.</returns>
    public TransactionBuilder SetHeader(byte requiredSignatures, byte readonlySigned, byte readonlyUnsigned)
    {
        _header = (requiredSignatures, readonlySigned, readonlyUnsigned);
        return this;
    }

    /// <summary>Adds a static key.</summary>
    /// <param name="key">The key; the first pays the fee.</param>
    /// <returns>This builder.</returns>
    public TransactionBuilder AddKey(in Pubkey key)
    {
        _keys.Add(key);
        return this;
    }

    /// <summary>Sets the recent blockhash, or a nonce.</summary>
    /// <param name="blockhash">The hash.</param>
    /// <returns>This builder.</returns>
    public TransactionBuilder SetRecentBlockhash(in Pubkey blockhash)
    {
        _blockhash = blockhash;
        return this;
    }

    /// <summary>Adds an outer instruction.</summary>
    /// <param name="programIndex">Index of its program in the static keys.</param>
    /// <param name="accounts">Indices of its accounts; at most 65,535.</param>
    /// <param name="data">What the program gets; at most 65,535 bytes.</param>
    /// <returns>This builder.</returns>
    public TransactionBuilder AddInstruction(byte programIndex, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data)
    {
        _instructions.Write([programIndex]);
        WriteCounted(_instructions, accounts);
        WriteCounted(_instructions, data);
        _instructionHeaders.Write([programIndex, (byte)accounts.Length, (byte)data.Length, (byte)(data.Length >> 8)]);
        _instructionPayloads.Write(accounts);
        _instructionPayloads.Write(data);
        _mostAccounts = Math.Max(_mostAccounts, accounts.Length);
        _instructionCount++;
        return this;
    }

    /// <summary>Adds an address lookup and makes the message version 0.</summary>
    /// <param name="table">The lookup table's account.</param>
    /// <param name="writableIndexes">Entries loaded as writable.</param>
    /// <param name="readonlyIndexes">Entries loaded as readonly.</param>
    /// <returns>This builder.</returns>
    public TransactionBuilder AddLookup(in Pubkey table, ReadOnlySpan<byte> writableIndexes, ReadOnlySpan<byte> readonlyIndexes)
    {
        _lookups.Write(Pubkey.AsSpan(in table));
        WriteCounted(_lookups, writableIndexes);
        WriteCounted(_lookups, readonlyIndexes);
        _lookupCount++;
        _format = MessageFormat.V0;
        return this;
    }

    /// <summary>The transaction's bytes.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="InvalidOperationException">The parts do not make a well-formed transaction; the message says why.</exception>
    public byte[] ToArray()
    {
        var writer = new ArrayBufferWriter<byte>();
        WriteTo(writer);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the transaction's bytes.</summary>
    /// <param name="destination">Where they go; nothing is written when the parts are refused.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="InvalidOperationException">The parts do not make a well-formed transaction; the message says why.</exception>
    public int WriteTo(IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var room = (4 * CompactU16.MaxBytes) + 4 + (_signatures.Count * Signature.Size) + ((_keys.Count + 1) * Pubkey.Size)
            + _instructions.WrittenCount + _lookups.WrittenCount + V1Overhead + _instructionHeaders.WrittenCount;
        var span = destination.GetSpan(room);
        var length = _format == MessageFormat.V1 ? WriteV1(span) : WriteMessage(span);
        if (!WireTransaction.TryParse(span[..length], out _, out var failure))
        {
            throw new InvalidOperationException($"The parts do not make a well-formed transaction: {failure}.");
        }

        destination.Advance(length);
        return length;
    }

    private int WriteMessage(Span<byte> span)
    {
        var at = CompactU16.Write(span, Countable(_signatures.Count, "signatures"));
        at += Copy(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_signatures)), span[at..]);
        if (_format == MessageFormat.V0)
        {
            span[at++] = 0x80;
        }

        span[at++] = _header.Required;
        span[at++] = _header.ReadonlySigned;
        span[at++] = _header.ReadonlyUnsigned;
        at += CompactU16.Write(span[at..], Countable(_keys.Count, "keys"));
        at += Copy(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_keys)), span[at..]);
        at += Copy(Pubkey.AsSpan(in _blockhash), span[at..]);
        at += CompactU16.Write(span[at..], Countable(_instructionCount, "instructions"));
        at += Copy(_instructions.WrittenSpan, span[at..]);
        if (_format == MessageFormat.V0)
        {
            at += CompactU16.Write(span[at..], Countable(_lookupCount, "lookups"));
            at += Copy(_lookups.WrittenSpan, span[at..]);
        }

        return at;
    }

    // Version, header, mask, counts and configuration.
    private const int V1Overhead = 64;

    private int WriteV1(Span<byte> span)
    {
        if (_keys.Count > byte.MaxValue || _instructionCount > byte.MaxValue || _mostAccounts > byte.MaxValue || _lookupCount > 0)
        {
            throw new InvalidOperationException(_lookupCount > 0
                ? "A version-1 message has no address lookups."
                : "A version-1 message counts its keys, its instructions and an instruction's accounts in one byte each.");
        }

        ReadOnlySpan<byte> header = [WireParserV1.VersionByte, _header.Required, _header.ReadonlySigned, _header.ReadonlyUnsigned];
        var at = Copy(header, span);
        BinaryPrimitives.WriteUInt32LittleEndian(span[at..], _config.Mask);
        at += sizeof(uint);
        at += Copy(Pubkey.AsSpan(in _blockhash), span[at..]);
        span[at++] = (byte)_instructionCount;
        span[at++] = (byte)_keys.Count;
        at += Copy(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_keys)), span[at..]);
        if (_config.PriorityFeeLamports is { } fee)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(span[at..], fee);
            at += sizeof(ulong);
        }

        foreach (var value in (ReadOnlySpan<uint?>)[_config.ComputeUnitLimit, _config.LoadedAccountsDataSizeLimit, _config.HeapSize])
        {
            if (value is { } given)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(span[at..], given);
                at += sizeof(uint);
            }
        }

        at += Copy(_instructionHeaders.WrittenSpan, span[at..]);
        at += Copy(_instructionPayloads.WrittenSpan, span[at..]);
        return at + Copy(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_signatures)), span[at..]);
    }

    private static void WriteCounted(ArrayBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        var span = writer.GetSpan(CompactU16.MaxBytes + Countable(bytes.Length, "bytes of an instruction or lookup"));
        var length = CompactU16.Write(span, bytes.Length);
        writer.Advance(length + Copy(bytes, span[length..]));
    }

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        bytes.CopyTo(destination);
        return bytes.Length;
    }

    private static int Countable(int count, string what) => count <= ushort.MaxValue
        ? count
        : throw new InvalidOperationException($"{count} {what} are more than a compact-u16 can count (65535).");
}
