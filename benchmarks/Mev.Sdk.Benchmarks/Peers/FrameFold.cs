using System.Runtime.CompilerServices;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>Our side: checks each frame's CRC-32C, overlays it, folds every field.</summary>
internal static class FrameFold
{
    /// <summary>Folds a buffer of transactions.</summary>
    /// <param name="frames">Frames, one behind the other.</param>
    public static ulong Of(ReadOnlySpan<byte> frames)
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

            var message = default(Fold);
            message.Add(record.Header.Sequence);
            message.Add(record.Header.EngineTimeNanoseconds);
            message.Add(Of(in transaction.Record));
            foreach (ref readonly var swap in transaction.Swaps)
            {
                message.Add(Of(in swap));
            }

            message.Add(transaction.Wire);
            message.Add(transaction.Meta);
            fold.Add(message.Value);
        }

        return fold.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Of(in TransactionRecord record)
    {
        var part = default(Fold);
        part.AddSignature(Signature.AsSpan(in record.Signature));
        part.AddKey(Pubkey.AsSpan(in record.Payer));
        part.Add(record.Slot);
        part.Add((ulong)record.BlockTimeSeconds);
        part.Add(record.FeeLamports);
        part.Add(record.TipLamports);
        part.Add(record.ComputeUnitPriceMicroLamports);
        part.Add(record.ComputeUnitLimit);
        part.Add(record.ComputeUnitsConsumed);
        part.Add(record.IndexInBlock);
        part.Add((ulong)record.Flags);
        part.Add((ulong)record.ErrorCode);
        part.Add(record.ErrorInstruction);
        part.Add((ulong)record.Stage);
        part.Add(record.ErrorCustomCode);
        part.Add((ulong)record.ErrorInstructionCode);
        part.Add(record.MessageFormat);
        part.Add(record.SignatureCount);
        part.Add(record.InstructionCount);
        return part.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Of(in SwapEntry swap)
    {
        var part = default(Fold);
        part.AddKey(Pubkey.AsSpan(in swap.Program));
        part.AddKey(Pubkey.AsSpan(in swap.Pool));
        part.AddKey(Pubkey.AsSpan(in swap.Trader));
        part.AddKey(Pubkey.AsSpan(in swap.MintIn));
        part.AddKey(Pubkey.AsSpan(in swap.MintOut));
        part.Add(swap.AmountIn);
        part.Add(swap.AmountOut);
        part.Add(swap.MinimumAmountOut);
        part.Add(swap.ReserveInBefore);
        part.Add(swap.ReserveOutBefore);
        part.Add(swap.OuterInstruction);
        part.Add(swap.InnerInstruction);
        part.Add((ulong)swap.Venue);
        part.Add((ulong)swap.Flags);
        part.Add(swap.DecimalsIn);
        part.Add(swap.DecimalsOut);
        return part.Value;
    }
}
