using System.Runtime.InteropServices;

namespace Mev.Sdk.Solana.Transactions;

/// <summary>A transaction as the network carries it, read in place: legacy, version 0 and version 1.</summary>
/// <remarks>
/// Borrows the bytes it was given and lives as long as they do. Parsing checks every length and index once, so that enumeration cannot fail;
/// it allocates nothing. It does not verify signatures. Layout of legacy and version 0: "Transactions" in the Solana documentation,
/// <c>VersionedTransaction</c> of the Solana SDK; the checks are those of its <c>sanitize</c>. Layout of version 1: SIMD-0385 "Transaction V1 Format" and
/// <c>message/src/versions/v1</c> of the Solana SDK. The proposal is in review and no cluster has activated it, so three of its rules may still move: the bits of the
/// configuration mask above the fifth (refused here, because the size of what they announce is unknown), the limits of 12 signatures, 64 keys and
/// 64 instructions (enforced here as written), and the meaning of a missing compute-unit limit (reported here as missing, not as a number). Its
/// ban of duplicate keys and its range for the heap size are left to the runtime: a transaction that breaks them still has one reading.
/// </remarks>
public readonly ref struct WireTransaction
{
    /// <summary>Keys an instruction can name: its indices are one byte.</summary>
    public const int MaxKeys = 256;

    private readonly ReadOnlySpan<byte> _wire;
    private readonly int _messageStart;
    private readonly int _messageEnd;
    private readonly int _keysStart;
    private readonly int _blockhashStart;
    private readonly int _instructionsStart;
    private readonly int _lookupsStart;
    private readonly int _signaturesStart;
    private readonly int _keyCount;

    internal WireTransaction(ReadOnlySpan<byte> wire, scoped in WireLayout layout)
    {
        _wire = wire;
        _signaturesStart = layout.SignaturesStart;
        _messageStart = layout.MessageStart;
        _messageEnd = layout.MessageEnd;
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
        Config = layout.Config;
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

    /// <summary>Address lookups; 0 but in a version-0 message.</summary>
    public int LookupCount { get; }

    /// <summary>Keys that the lookups load as writable.</summary>
    public int LoadedWritableCount { get; }

    /// <summary>Keys that the lookups load as readonly.</summary>
    public int LoadedReadonlyCount { get; }

    /// <summary>What a version-1 message asks for in its header; nothing in other formats, which use compute-budget instructions.</summary>
    public TransactionConfig Config { get; }

    /// <summary>Keys that the message carries itself.</summary>
    public int StaticKeyCount => _keyCount;

    /// <summary>Keys that instructions may name: static, then loaded writable, then loaded readonly.</summary>
    public int KeyCount => _keyCount + LoadedWritableCount + LoadedReadonlyCount;

    /// <summary>The signatures in place; the first is the transaction's identity.</summary>
    public ReadOnlySpan<Signature> Signatures => MemoryMarshal.Cast<byte, Signature>(_wire.Slice(_signaturesStart, SignatureCount * Signature.Size));

    /// <summary>The bytes that the signatures sign.</summary>
    public ReadOnlySpan<byte> Message => _wire[_messageStart.._messageEnd];

    /// <summary>The keys that the message carries itself, in place; the first pays the fee.</summary>
    public ReadOnlySpan<Pubkey> StaticKeys => MemoryMarshal.Cast<byte, Pubkey>(_wire.Slice(_keysStart, _keyCount * Pubkey.Size));

    /// <summary>The recent blockhash, or a nonce, in place.</summary>
    public ref readonly Pubkey RecentBlockhash => ref MemoryMarshal.Cast<byte, Pubkey>(_wire.Slice(_blockhashStart, Pubkey.Size))[0];

    /// <summary>The outer instructions.</summary>
    public WireInstructions Instructions => new(_wire, _instructionsStart, InstructionCount, Format == MessageFormat.V1);

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
        var layout = default(WireLayout);

        // A version-1 transaction starts with its version byte; no valid signature count has that bit (127 signatures exceed a packet).
        var parsed = wire.Length > 0 && wire[0] >= WireParser.VersionFlag
            ? WireParserV1.TryParse(wire, ref layout, out failure)
            : WireParser.TryParse(wire, ref layout, out failure);
        transaction = parsed ? new WireTransaction(wire, in layout) : default;
        return parsed;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out WireTransaction, out DecodeFailure)"/>
    public static bool TryParse(ReadOnlySpan<byte> wire, out WireTransaction transaction) => TryParse(wire, out transaction, out _);
}
