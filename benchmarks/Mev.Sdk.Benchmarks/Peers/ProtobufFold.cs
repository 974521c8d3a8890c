using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>Google.Protobuf's side: parses each message out of its slice, folds every field.</summary>
internal static class ProtobufFold
{
    private static readonly TransactionMessage Reused = new();

    /// <summary>Folds a buffer of transactions, each into a message of its own as <c>Parser.ParseFrom</c> makes it.</summary>
    /// <param name="messages">Messages, each behind its length as 4 bytes little-endian.</param>
    public static ulong Of(ReadOnlySpan<byte> messages)
    {
        var fold = default(Fold);
        while (TryNext(ref messages, out var bytes))
        {
            fold.Add(OfMessage(TransactionMessage.Parser.ParseFrom(bytes)));
        }

        return fold.Value;
    }

    /// <summary>The same with one message that is cleared and filled again; its byte strings and swaps are Google.Protobuf's to make.</summary>
    /// <param name="messages">Messages, each behind its length as 4 bytes little-endian.</param>
    public static ulong Reusing(ReadOnlySpan<byte> messages)
    {
        var fold = default(Fold);
        while (TryNext(ref messages, out var bytes))
        {
            Clear(Reused);
            Reused.MergeFrom(bytes);
            fold.Add(OfMessage(Reused));
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

    // proto3 leaves fields out that are 0, so each must be 0 before the next message is merged in.
    private static void Clear(TransactionMessage message)
    {
        message.Sequence = 0;
        message.EngineTimeNanoseconds = 0;
        message.Slot = 0;
        message.BlockTimeSeconds = 0;
        message.FeeLamports = 0;
        message.TipLamports = 0;
        message.ComputeUnitPriceMicroLamports = 0;
        message.ComputeUnitLimit = 0;
        message.ComputeUnitsConsumed = 0;
        message.IndexInBlock = 0;
        message.Flags = 0;
        message.ErrorCode = 0;
        message.ErrorInstruction = 0;
        message.Stage = 0;
        message.ErrorCustomCode = 0;
        message.ErrorInstructionCode = 0;
        message.MessageFormat = 0;
        message.SignatureCount = 0;
        message.InstructionCount = 0;
        message.Signature = ByteString.Empty;
        message.Payer = ByteString.Empty;
        message.Swaps.Clear();
        message.Wire = ByteString.Empty;
        message.Meta = ByteString.Empty;
    }

    private static ulong OfMessage(TransactionMessage transaction)
    {
        var message = default(Fold);
        message.Add(transaction.Sequence);
        message.Add(transaction.EngineTimeNanoseconds);
        message.Add(Of(transaction));
        foreach (var swap in transaction.Swaps)
        {
            message.Add(Of(swap));
        }

        message.Add(transaction.Wire.Span);
        message.Add(transaction.Meta.Span);
        return message.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Of(TransactionMessage record)
    {
        var part = default(Fold);
        part.AddSignature(record.Signature.Span);
        part.AddKey(record.Payer.Span);
        part.Add(record.Slot);
        part.Add((ulong)record.BlockTimeSeconds);
        part.Add(record.FeeLamports);
        part.Add(record.TipLamports);
        part.Add(record.ComputeUnitPriceMicroLamports);
        part.Add(record.ComputeUnitLimit);
        part.Add(record.ComputeUnitsConsumed);
        part.Add(record.IndexInBlock);
        part.Add(record.Flags);
        part.Add(record.ErrorCode);
        part.Add(record.ErrorInstruction);
        part.Add(record.Stage);
        part.Add(record.ErrorCustomCode);
        part.Add(record.ErrorInstructionCode);
        part.Add(record.MessageFormat);
        part.Add(record.SignatureCount);
        part.Add(record.InstructionCount);
        return part.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Of(SwapMessage swap)
    {
        var part = default(Fold);
        part.AddKey(swap.Program.Span);
        part.AddKey(swap.Pool.Span);
        part.AddKey(swap.Trader.Span);
        part.AddKey(swap.MintIn.Span);
        part.AddKey(swap.MintOut.Span);
        part.Add(swap.AmountIn);
        part.Add(swap.AmountOut);
        part.Add(swap.MinimumAmountOut);
        part.Add(swap.ReserveInBefore);
        part.Add(swap.ReserveOutBefore);
        part.Add(swap.OuterInstruction);
        part.Add(swap.InnerInstruction);
        part.Add(swap.Venue);
        part.Add(swap.Flags);
        part.Add(swap.DecimalsIn);
        part.Add(swap.DecimalsOut);
        return part.Value;
    }
}
