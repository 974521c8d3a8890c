using MemoryPack;
using Mev.Sdk.Records;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>Our transaction as a MemoryPack type: the same fields in the same order, with the frame's own sequence and time.</summary>
[MemoryPackable]
internal sealed partial class TransactionPack
{
    public ulong Sequence;

    public ulong EngineTimeNanoseconds;

    public Signature Signature;

    public Pubkey Payer;

    public ulong Slot;

    public long BlockTimeSeconds;

    public ulong FeeLamports;

    public ulong TipLamports;

    public ulong ComputeUnitPriceMicroLamports;

    public uint ComputeUnitLimit;

    public uint ComputeUnitsConsumed;

    public uint IndexInBlock;

    public TransactionFlags Flags;

    public TransactionErrorCode ErrorCode;

    public byte ErrorInstruction;

    public SightingStage Stage;

    public uint ErrorCustomCode;

    public InstructionErrorCode ErrorInstructionCode;

    public byte MessageFormat;

    public byte SignatureCount;

    public ushort InstructionCount;

    public SwapPack[] Swaps = [];

    public byte[] Wire = [];

    public byte[] Meta = [];

    public static TransactionPack From(ulong sequence, ulong engineTime, in TransactionRecord record, ReadOnlySpan<SwapEntry> swaps, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta)
    {
        var packs = new SwapPack[swaps.Length];
        for (var i = 0; i < packs.Length; i++)
        {
            packs[i] = SwapPack.From(in swaps[i]);
        }

        return new TransactionPack
        {
            Sequence = sequence,
            EngineTimeNanoseconds = engineTime,
            Signature = record.Signature,
            Payer = record.Payer,
            Slot = record.Slot,
            BlockTimeSeconds = record.BlockTimeSeconds,
            FeeLamports = record.FeeLamports,
            TipLamports = record.TipLamports,
            ComputeUnitPriceMicroLamports = record.ComputeUnitPriceMicroLamports,
            ComputeUnitLimit = record.ComputeUnitLimit,
            ComputeUnitsConsumed = record.ComputeUnitsConsumed,
            IndexInBlock = record.IndexInBlock,
            Flags = record.Flags,
            ErrorCode = record.ErrorCode,
            ErrorInstruction = record.ErrorInstruction,
            Stage = record.Stage,
            ErrorCustomCode = record.ErrorCustomCode,
            ErrorInstructionCode = record.ErrorInstructionCode,
            MessageFormat = record.MessageFormat,
            SignatureCount = record.SignatureCount,
            InstructionCount = record.InstructionCount,
            Swaps = packs,
            Wire = wire.ToArray(),
            Meta = meta.ToArray(),
        };
    }
}
