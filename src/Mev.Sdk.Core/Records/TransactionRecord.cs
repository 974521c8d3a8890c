using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>One sighting of a Solana transaction. Groups: swaps. Variable data: wire (the transaction's bytes), meta (its status meta).</summary>
/// <remarks>
/// Fields that come from status meta (fee, consumed units, error, swaps' amounts) are valid only with <see cref="TransactionFlags.HasMeta"/>.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct TransactionRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 176;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Transaction;

    /// <summary>The first signature: the transaction's identity on chain.</summary>
    public Signature Signature;

    /// <summary>The account that pays the fee: the first account key.</summary>
    public Pubkey Payer;

    /// <summary>Slot of the block, or for a pending sighting the slot it was seen in.</summary>
    public ulong Slot;

    /// <summary>The block's production time as voted by the cluster, seconds since the Unix epoch; 0 = unknown.</summary>
    public long BlockTimeSeconds;

    /// <summary>Fee paid, base and priority together, lamports.</summary>
    public ulong FeeLamports;

    /// <summary>Lamports transferred to Jito tip accounts by outer and inner instructions; 0 = none.</summary>
    public ulong TipLamports;

    /// <summary>Compute-unit price asked for, micro-lamports a compute unit; 0 = not set.</summary>
    public ulong ComputeUnitPriceMicroLamports;

    /// <summary>Compute-unit limit asked for, compute units; 0 = not set.</summary>
    public uint ComputeUnitLimit;

    /// <summary>Compute units consumed; 0 = unknown.</summary>
    public uint ComputeUnitsConsumed;

    /// <summary>Position within its block, from 0; meaningless while pending.</summary>
    public uint IndexInBlock;

    /// <summary>Properties; see <see cref="TransactionFlags"/>.</summary>
    public TransactionFlags Flags;

    /// <summary>Why it failed; see <see cref="TransactionErrorCode"/>.</summary>
    public TransactionErrorCode ErrorCode;

    /// <summary>Outer instruction that failed, from 0, when the error is an instruction's.</summary>
    public byte ErrorInstruction;

    /// <summary>How final the sighting is; see <see cref="SightingStage"/>.</summary>
    public SightingStage Stage;

    /// <summary>The program's own code when the error is <see cref="InstructionErrorCode.Custom"/>.</summary>
    public uint ErrorCustomCode;

    /// <summary>Which instruction error it was, when <see cref="ErrorCode"/> is an instruction's.</summary>
    public InstructionErrorCode ErrorInstructionCode;

    /// <summary>Message format: 0 = legacy, 1 = v0, 2 = v1.</summary>
    public byte MessageFormat;

    /// <summary>Signatures the transaction carries.</summary>
    public byte SignatureCount;

    /// <summary>Outer instructions.</summary>
    public ushort InstructionCount;

    /// <summary>Reserved; 0.</summary>
    public ushort Reserved1;

    /// <summary>Reserved; 0.</summary>
    public ulong Reserved2;
}
