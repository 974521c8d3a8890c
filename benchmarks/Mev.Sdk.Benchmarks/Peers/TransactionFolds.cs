using System.Runtime.CompilerServices;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>Decodes a buffer of transactions and folds every field, by our frames and by Google.Protobuf.</summary>
internal static class TransactionFolds
{
    /// <summary>Checks each frame's CRC, overlays it, folds every field.</summary>
    public static ulong Ours(ReadOnlySpan<byte> frames)
    {
        var fold = default(Fold);
        var reader = new FrameReader();
        while (reader.TryRead(ref frames, out var frame) == FrameStatus.Done)
        {
            var record = new RecordView(Lsn.None, frame);
            if (!TransactionView.TryRead(in record, out var transaction))
            {
                throw new InvalidOperationException("A frame in the benchmark's data is not a transaction.");
            }

            fold.Add(record.Header.Sequence);
            fold.Add(record.Header.EngineTimeNanoseconds);
            Add(ref fold, in transaction.Record);
            foreach (ref readonly var swap in transaction.Swaps)
            {
                Add(ref fold, in swap);
            }

            fold.Add(transaction.Wire);
            fold.Add(transaction.Meta);
        }

        return fold.Value;
    }

    /// <summary>Parses each message out of its slice, folds every field.</summary>
    /// <param name="messages">Messages, each behind its length as 4 bytes little-endian.</param>
    public static ulong Protobuf(ReadOnlySpan<byte> messages)
    {
        var fold = default(Fold);
        while (!messages.IsEmpty)
        {
            var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(messages);
            var transaction = TransactionMessage.Parser.ParseFrom(messages.Slice(sizeof(int), length));
            messages = messages[(sizeof(int) + length)..];

            fold.Add(transaction.Sequence);
            fold.Add(transaction.EngineTimeNanoseconds);
            Add(ref fold, transaction);
            foreach (var swap in transaction.Swaps)
            {
                Add(ref fold, swap);
            }

            fold.Add(transaction.Wire.Span);
            fold.Add(transaction.Meta.Span);
        }

        return fold.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref Fold fold, in TransactionRecord record)
    {
        fold.Add(Signature.AsSpan(in record.Signature));
        fold.Add(Pubkey.AsSpan(in record.Payer));
        fold.Add(record.Slot);
        fold.Add((ulong)record.BlockTimeSeconds);
        fold.Add(record.FeeLamports);
        fold.Add(record.TipLamports);
        fold.Add(record.ComputeUnitPriceMicroLamports);
        fold.Add(record.ComputeUnitLimit);
        fold.Add(record.ComputeUnitsConsumed);
        fold.Add(record.IndexInBlock);
        fold.Add((ulong)record.Flags);
        fold.Add((ulong)record.ErrorCode);
        fold.Add(record.ErrorInstruction);
        fold.Add((ulong)record.Stage);
        fold.Add(record.ErrorCustomCode);
        fold.Add((ulong)record.ErrorInstructionCode);
        fold.Add(record.MessageFormat);
        fold.Add(record.SignatureCount);
        fold.Add(record.InstructionCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref Fold fold, TransactionMessage record)
    {
        fold.Add(record.Signature.Span);
        fold.Add(record.Payer.Span);
        fold.Add(record.Slot);
        fold.Add((ulong)record.BlockTimeSeconds);
        fold.Add(record.FeeLamports);
        fold.Add(record.TipLamports);
        fold.Add(record.ComputeUnitPriceMicroLamports);
        fold.Add(record.ComputeUnitLimit);
        fold.Add(record.ComputeUnitsConsumed);
        fold.Add(record.IndexInBlock);
        fold.Add(record.Flags);
        fold.Add(record.ErrorCode);
        fold.Add(record.ErrorInstruction);
        fold.Add(record.Stage);
        fold.Add(record.ErrorCustomCode);
        fold.Add(record.ErrorInstructionCode);
        fold.Add(record.MessageFormat);
        fold.Add(record.SignatureCount);
        fold.Add(record.InstructionCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref Fold fold, in SwapEntry swap)
    {
        fold.Add(Pubkey.AsSpan(in swap.Program));
        fold.Add(Pubkey.AsSpan(in swap.Pool));
        fold.Add(Pubkey.AsSpan(in swap.Trader));
        fold.Add(Pubkey.AsSpan(in swap.MintIn));
        fold.Add(Pubkey.AsSpan(in swap.MintOut));
        fold.Add(swap.AmountIn);
        fold.Add(swap.AmountOut);
        fold.Add(swap.MinimumAmountOut);
        fold.Add(swap.ReserveInBefore);
        fold.Add(swap.ReserveOutBefore);
        fold.Add(swap.OuterInstruction);
        fold.Add(swap.InnerInstruction);
        fold.Add((ulong)swap.Venue);
        fold.Add((ulong)swap.Flags);
        fold.Add(swap.DecimalsIn);
        fold.Add(swap.DecimalsOut);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref Fold fold, SwapMessage swap)
    {
        fold.Add(swap.Program.Span);
        fold.Add(swap.Pool.Span);
        fold.Add(swap.Trader.Span);
        fold.Add(swap.MintIn.Span);
        fold.Add(swap.MintOut.Span);
        fold.Add(swap.AmountIn);
        fold.Add(swap.AmountOut);
        fold.Add(swap.MinimumAmountOut);
        fold.Add(swap.ReserveInBefore);
        fold.Add(swap.ReserveOutBefore);
        fold.Add(swap.OuterInstruction);
        fold.Add(swap.InnerInstruction);
        fold.Add(swap.Venue);
        fold.Add(swap.Flags);
        fold.Add(swap.DecimalsIn);
        fold.Add(swap.DecimalsOut);
    }
}
