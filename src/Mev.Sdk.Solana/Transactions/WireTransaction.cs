using System.Runtime.InteropServices;

namespace Mev.Sdk.Solana.Transactions;

/// <summary>A transaction as the network carries it, read in place: legacy and version 0.</summary>
/// <remarks>
/// Borrows the bytes it was given and lives as long as they do. Parsing checks every length and index once, so that enumeration cannot fail;
/// it allocates nothing. It does not verify signatures. Layout: "Transactions" in the Solana documentation, <c>VersionedTransaction</c> of
/// the Solana SDK; the checks are those of its <c>sanitize</c>.
/// </remarks>
public readonly ref struct WireTransaction
{
    /// <summary>Keys an instruction can name: its indices are one byte.</summary>
    public const int MaxKeys = 256;

    private const int VersionFlag = 0x80;

    private readonly ReadOnlySpan<byte> _wire;
    private readonly int _messageStart;
    private readonly int _keysStart;
    private readonly int _blockhashStart;
    private readonly int _instructionsStart;
    private readonly int _lookupsStart;
    private readonly int _signaturesStart;
    private readonly int _keyCount;

    private WireTransaction(ReadOnlySpan<byte> wire, scoped in Layout layout)
    {
        _wire = wire;
        _signaturesStart = layout.SignaturesStart;
        _messageStart = layout.MessageStart;
        _keysStart = layout.KeysStart;
        _keyCount = layout.KeyCount;
        _blockhashStart = layout.BlockhashStart;
        _instructionsStart = layout.InstructionsStart;
        _lookupsStart = layout.LookupsStart;
        Format = layout.Format;
        SignatureCount = layout.Signatures;
        RequiredSignatures = layout.Required;
        ReadonlySigned = layout.ReadonlySigned;
        ReadonlyUnsigned = layout.ReadonlyUnsigned;
        InstructionCount = layout.Instructions;
        LookupCount = layout.Lookups;
        LoadedWritableCount = layout.LoadedWritable;
        LoadedReadonlyCount = layout.LoadedReadonly;
    }

    /// <summary>How the message is laid out.</summary>
    public MessageFormat Format { get; }

    /// <summary>Signatures carried.</summary>
    public int SignatureCount { get; }

    /// <summary>Keys at the front that must sign.</summary>
    public byte RequiredSignatures { get; }

    /// <summary>The last so many of the signing keys are readonly.</summary>
    public byte ReadonlySigned { get; }

    /// <summary>The last so many of the keys that need not sign are readonly.</summary>
    public byte ReadonlyUnsigned { get; }

    /// <summary>Outer instructions.</summary>
    public int InstructionCount { get; }

    /// <summary>Address lookups; 0 in a legacy message.</summary>
    public int LookupCount { get; }

    /// <summary>Keys that the lookups load as writable.</summary>
    public int LoadedWritableCount { get; }

    /// <summary>Keys that the lookups load as readonly.</summary>
    public int LoadedReadonlyCount { get; }

    /// <summary>Keys that instructions may name: static, then loaded writable, then loaded readonly.</summary>
    public int KeyCount => _keyCount + LoadedWritableCount + LoadedReadonlyCount;

    /// <summary>The signatures in place; the first is the transaction's identity.</summary>
    public ReadOnlySpan<Signature> Signatures => MemoryMarshal.Cast<byte, Signature>(_wire.Slice(_signaturesStart, SignatureCount * Signature.Size));

    /// <summary>The bytes that the signatures sign.</summary>
    public ReadOnlySpan<byte> Message => _wire[_messageStart..];

    /// <summary>The keys that the message carries itself, in place; the first pays the fee.</summary>
    public ReadOnlySpan<Pubkey> StaticKeys => MemoryMarshal.Cast<byte, Pubkey>(_wire.Slice(_keysStart, _keyCount * Pubkey.Size));

    /// <summary>The recent blockhash, or a nonce, in place.</summary>
    public ref readonly Pubkey RecentBlockhash => ref MemoryMarshal.Cast<byte, Pubkey>(_wire.Slice(_blockhashStart, Pubkey.Size))[0];

    /// <summary>The outer instructions.</summary>
    public WireInstructions Instructions => new(_wire, _instructionsStart, InstructionCount);

    /// <summary>The address lookups.</summary>
    public WireLookups Lookups => new(_wire, _lookupsStart, LookupCount);

    /// <summary>Whether the message asks for a key to be writable.</summary>
    /// <param name="keyIndex">Index below <see cref="KeyCount"/>.</param>
    /// <returns>True for writable keys; programs and sysvars that the runtime demotes are not considered.</returns>
    public bool IsWritable(int keyIndex) =>
        keyIndex < RequiredSignatures ? keyIndex < RequiredSignatures - ReadonlySigned
        : keyIndex < _keyCount ? keyIndex < _keyCount - ReadonlyUnsigned
        : keyIndex < _keyCount + LoadedWritableCount;

    /// <summary>Parses one transaction that fills the bytes exactly.</summary>
    /// <param name="wire">The bytes.</param>
    /// <param name="transaction">The view, or default.</param>
    /// <param name="failure">What is wrong and where.</param>
    /// <returns>Whether the bytes are one well-formed transaction.</returns>
    public static bool TryParse(ReadOnlySpan<byte> wire, out WireTransaction transaction, out DecodeFailure failure)
    {
        var cursor = new WireCursor(wire);
        var layout = default(Layout);
        if (TrySignatures(ref cursor, wire, ref layout)
            && TryHeader(ref cursor, wire, ref layout)
            && TryInstructions(ref cursor, ref layout)
            && TryLookups(ref cursor, ref layout)
            && TryEnd(ref cursor, wire, in layout))
        {
            failure = default;
            transaction = new WireTransaction(wire, in layout);
            return true;
        }

        failure = cursor.Failure;
        transaction = default;
        return false;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out WireTransaction, out DecodeFailure)"/>
    public static bool TryParse(ReadOnlySpan<byte> wire, out WireTransaction transaction) => TryParse(wire, out transaction, out _);

    private static bool TrySignatures(ref WireCursor cursor, ReadOnlySpan<byte> wire, ref Layout layout)
    {
        // A version-1 transaction starts with its version byte; no valid signature count has that bit (127 signatures exceed a packet).
        if (wire.Length > 0 && wire[0] >= VersionFlag)
        {
            return cursor.Fail(DecodeError.UnsupportedVersion, wire[0] & ~VersionFlag);
        }

        if (!cursor.TryCount(out layout.Signatures))
        {
            return false;
        }

        layout.SignaturesStart = cursor.Position;
        if (!cursor.TryTake(layout.Signatures * Signature.Size, out _))
        {
            return false;
        }

        layout.MessageStart = cursor.Position;
        return true;
    }

    private static bool TryHeader(ref WireCursor cursor, ReadOnlySpan<byte> wire, ref Layout layout)
    {
        if (cursor.Remaining > 0 && wire[cursor.Position] >= VersionFlag)
        {
            var version = wire[cursor.Position] & ~VersionFlag;
            if (version != 0)
            {
                return cursor.Fail(DecodeError.UnsupportedVersion, version);
            }

            layout.Format = MessageFormat.V0;
            cursor.TryByte(out _);
        }

        var header = cursor.Position;
        if (!cursor.TryByte(out layout.Required) || !cursor.TryByte(out layout.ReadonlySigned) || !cursor.TryByte(out layout.ReadonlyUnsigned)
            || !cursor.TryCount(out layout.KeyCount))
        {
            return false;
        }

        layout.KeysStart = cursor.Position;
        if (!cursor.TryTake(layout.KeyCount * Pubkey.Size, out _))
        {
            return false;
        }

        layout.BlockhashStart = cursor.Position;
        if (!cursor.TryTake(Pubkey.Size, out _))
        {
            return false;
        }

        if (layout.Required != layout.Signatures)
        {
            return cursor.FailAt(DecodeError.SignatureCountMismatch, header, layout.Required);
        }

        // The payer signs and is writable.
        return (layout.ReadonlySigned < layout.Required && layout.Required + layout.ReadonlyUnsigned <= layout.KeyCount)
            || cursor.FailAt(DecodeError.HeaderInconsistent, header);
    }

    private static bool TryInstructions(ref WireCursor cursor, ref Layout layout)
    {
        if (!cursor.TryCount(out layout.Instructions))
        {
            return false;
        }

        layout.InstructionsStart = cursor.Position;
        for (var i = 0; i < layout.Instructions; i++)
        {
            if (!cursor.TryByte(out var program))
            {
                return false;
            }

            // Programs cannot come from a lookup table.
            if (program >= layout.KeyCount)
            {
                return cursor.FailAt(DecodeError.KeyIndexOutOfRange, cursor.Position - 1, program);
            }

            if (!cursor.TryCounted(out _) || !cursor.TryCounted(out _))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryLookups(ref WireCursor cursor, ref Layout layout)
    {
        if (layout.Format == MessageFormat.Legacy)
        {
            layout.LookupsStart = cursor.Position;
            return true;
        }

        if (!cursor.TryCount(out layout.Lookups))
        {
            return false;
        }

        layout.LookupsStart = cursor.Position;
        for (var i = 0; i < layout.Lookups; i++)
        {
            if (!cursor.TryTake(Pubkey.Size, out _) || !cursor.TryCounted(out var writable) || !cursor.TryCounted(out var readOnly))
            {
                return false;
            }

            layout.LoadedWritable += writable.Length;
            layout.LoadedReadonly += readOnly.Length;
        }

        return true;
    }

    private static bool TryEnd(ref WireCursor cursor, ReadOnlySpan<byte> wire, in Layout layout)
    {
        if (cursor.Remaining != 0)
        {
            return cursor.Fail(DecodeError.TrailingBytes, cursor.Remaining);
        }

        var keys = layout.KeyCount + layout.LoadedWritable + layout.LoadedReadonly;
        if (keys > MaxKeys)
        {
            return cursor.FailAt(DecodeError.TooManyKeys, layout.KeysStart, keys);
        }

        if (keys == MaxKeys)
        {
            return true;
        }

        // Only now is the number of loaded keys known, which instructions before the lookups may name.
        foreach (var instruction in new WireInstructions(wire, layout.InstructionsStart, layout.Instructions))
        {
            var outside = instruction.Accounts.IndexOfAnyInRange((byte)keys, byte.MaxValue);
            if (outside >= 0)
            {
                wire.Overlaps(instruction.Accounts, out var offset);
                return cursor.FailAt(DecodeError.KeyIndexOutOfRange, offset + outside, instruction.Accounts[outside]);
            }
        }

        return true;
    }

    private struct Layout
    {
        public MessageFormat Format;
        public byte Required;
        public byte ReadonlySigned;
        public byte ReadonlyUnsigned;
        public int Signatures;
        public int SignaturesStart;
        public int MessageStart;
        public int KeyCount;
        public int KeysStart;
        public int BlockhashStart;
        public int Instructions;
        public int InstructionsStart;
        public int Lookups;
        public int LookupsStart;
        public int LoadedWritable;
        public int LoadedReadonly;
    }
}
