using System.Buffers.Binary;
using Mev.Sdk.Records;

namespace Mev.Sdk.TestKit;

/// <summary>Small hand-made keys and records.</summary>
public static class Make
{
    public static readonly Pubkey WrappedSol = Pubkey.Parse("So11111111111111111111111111111111111111112");

    public static Pubkey Key(ulong number)
    {
        Span<byte> bytes = stackalloc byte[Pubkey.Size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        bytes[31] = 7;
        return new Pubkey(bytes);
    }

    public static Signature Signature(ulong number)
    {
        Span<byte> bytes = stackalloc byte[Mev.Sdk.Signature.Size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        bytes[63] = 9;
        return new Signature(bytes);
    }

    public static TransactionRecord Transaction(ulong number, ulong slot, TransactionFlags flags = TransactionFlags.HasMeta) => new()
    {
        Signature = Signature(number),
        Payer = Key(900),
        Slot = slot,
        FeeLamports = 5_000,
        Flags = flags,
        Stage = SightingStage.Processed,
    };

    public static SwapEntry Swap(
        ulong pool, Pubkey mintIn, ulong amountIn, Pubkey mintOut, ulong amountOut, VenueId venue = VenueId.OrcaWhirlpool, ulong trader = 1) => new()
    {
        Program = Key(800 + (ulong)venue),
        Pool = Key(pool),
        Trader = Key(trader),
        MintIn = mintIn,
        MintOut = mintOut,
        AmountIn = amountIn,
        AmountOut = amountOut,
        Venue = venue,
    };
}
