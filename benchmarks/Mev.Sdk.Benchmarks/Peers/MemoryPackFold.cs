using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using MemoryPack;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>MemoryPack's side: deserialises each message out of its slice, folds every field.</summary>
internal static class MemoryPackFold
{
    /// <summary>Folds a buffer of transactions, each into an object of its own.</summary>
    /// <param name="messages">Messages, each behind its length as 4 bytes little-endian.</param>
    public static ulong Of(ReadOnlySpan<byte> messages)
    {
        var fold = default(Fold);
        while (TryNext(ref messages, out var bytes))
        {
            fold.Add(OfMessage(MemoryPackSerializer.Deserialize<TransactionPack>(bytes)!));
        }

        return fold.Value;
    }

    /// <summary>The same into objects that are there already, one for each message, so that MemoryPack finds every array as long as it needs it.</summary>
    /// <remarks>One object for all messages is slower: MemoryPack makes an array anew whenever its length changes.</remarks>
    /// <param name="messages">Messages, each behind its length as 4 bytes little-endian.</param>
    /// <param name="reused">As many as there are messages.</param>
    public static ulong Reusing(ReadOnlySpan<byte> messages, TransactionPack?[] reused)
    {
        var fold = default(Fold);
        for (var i = 0; TryNext(ref messages, out var bytes); i++)
        {
            MemoryPackSerializer.Deserialize(bytes, ref reused[i]);
            fold.Add(OfMessage(reused[i]!));
        }

        return fold.Value;
    }

    private static bool TryNext(ref ReadOnlySpan<byte> messages, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (messages.IsEmpty)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(messages);
        bytes = messages.Slice(sizeof(int), length);
        messages = messages[(sizeof(int) + length)..];
        return true;
    }

    private static ulong OfMessage(TransactionPack transaction)
    {
        var message = default(Fold);
        message.Add(transaction.Sequence);
        message.Add(transaction.EngineTimeNanoseconds);
        message.Add(Of(transaction));
        foreach (var swap in transaction.Swaps)
        {
            message.Add(Of(swap));
        }

        message.Add(transaction.Wire);
        message.Add(transaction.Meta);
        return message.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Of(TransactionPack record)
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
    private static ulong Of(SwapPack swap)
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
