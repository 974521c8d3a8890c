using System.Buffers;
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
    private int _instructionCount;
    private int _lookupCount;
    private Pubkey _blockhash;
    private (byte Required, byte ReadonlySigned, byte ReadonlyUnsigned) _header;
    private MessageFormat _format;

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
        _blockhash = default;
        _header = default;
        _format = MessageFormat.Legacy;
        return this;
    }

    /// <summary>Chooses the message's layout; legacy unless called.</summary>
    /// <param name="format">Legacy or version 0.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another layout.</exception>
    public TransactionBuilder SetFormat(MessageFormat format)
    {
        if (format is not (MessageFormat.Legacy or MessageFormat.V0))
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "Legacy and version 0 messages can be built.");
        }

        _format = format;
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
            + _instructions.WrittenCount + _lookups.WrittenCount;
        var span = destination.GetSpan(room);
        var length = WriteMessage(span);
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
