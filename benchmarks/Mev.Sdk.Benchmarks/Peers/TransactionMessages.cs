using Google.Protobuf;
using Mev.Sdk.Records;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>Our records as the protobuf messages of transaction.proto.</summary>
internal static class TransactionMessages
{
    public static TransactionMessage From(ulong sequence, ulong engineTime, in TransactionRecord record, ReadOnlySpan<SwapEntry> swaps, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta)
    {
        var message = new TransactionMessage
        {
            Sequence = sequence,
            EngineTimeNanoseconds = engineTime,
            Signature = ByteString.CopyFrom(Signature.AsSpan(in record.Signature)),
            Payer = Bytes(in record.Payer),
            Slot = record.Slot,
            BlockTimeSeconds = record.BlockTimeSeconds,
            FeeLamports = record.FeeLamports,
            TipLamports = record.TipLamports,
            ComputeUnitPriceMicroLamports = record.ComputeUnitPriceMicroLamports,
            ComputeUnitLimit = record.ComputeUnitLimit,
            ComputeUnitsConsumed = record.ComputeUnitsConsumed,
            IndexInBlock = record.IndexInBlock,
            Flags = (uint)record.Flags,
            ErrorCode = (uint)record.ErrorCode,
            ErrorInstruction = record.ErrorInstruction,
            Stage = (uint)record.Stage,
            ErrorCustomCode = record.ErrorCustomCode,
            ErrorInstructionCode = (uint)record.ErrorInstructionCode,
            MessageFormat = record.MessageFormat,
            SignatureCount = record.SignatureCount,
            InstructionCount = record.InstructionCount,
            Wire = ByteString.CopyFrom(wire),
            Meta = ByteString.CopyFrom(meta),
        };
        foreach (ref readonly var swap in swaps)
        {
            message.Swaps.Add(From(in swap));
        }

        return message;
    }

    private static SwapMessage From(in SwapEntry swap) => new()
    {
        Program = Bytes(in swap.Program),
        Pool = Bytes(in swap.Pool),
        Trader = Bytes(in swap.Trader),
        MintIn = Bytes(in swap.MintIn),
        MintOut = Bytes(in swap.MintOut),
        AmountIn = swap.AmountIn,
        AmountOut = swap.AmountOut,
        MinimumAmountOut = swap.MinimumAmountOut,
        ReserveInBefore = swap.ReserveInBefore,
        ReserveOutBefore = swap.ReserveOutBefore,
        OuterInstruction = swap.OuterInstruction,
        InnerInstruction = swap.InnerInstruction,
        Venue = (uint)swap.Venue,
        Flags = (uint)swap.Flags,
        DecimalsIn = swap.DecimalsIn,
        DecimalsOut = swap.DecimalsOut,
    };

    private static ByteString Bytes(in Pubkey key) => ByteString.CopyFrom(Pubkey.AsSpan(in key));
}
