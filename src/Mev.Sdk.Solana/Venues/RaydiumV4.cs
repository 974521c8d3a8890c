using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Raydium AMM v4: constant product, once backed by an order book.</summary>
/// <remarks>
/// Source: <c>raydium-amm</c>, <c>AmmInstruction</c>: u8 variant, then two u64. Accounts of 9 and 11: token program, pool, authority, open orders,
/// [target orders,] vault, vault, nine of the order book, three of the user: 18 with target orders, 17 without. 16 and 17 are the variants
/// without an order book: token program, pool, authority, vault, vault, three of the user. 1 (<c>initialize2</c>) names the pool fifth, 3 and 4 (deposit, withdraw) second.
/// </remarks>
internal static class RaydiumV4
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.RaydiumV4,
        [KnownPrograms.RaydiumV4],
        SwapReading.Vaults,
        [
            ByteSwap(9, 1, 5, 6, MinimumOut.Second, minAccounts: 18),
            ByteSwap(11, 1, 5, 6, MinimumOut.Second, minAccounts: 18),
            ByteSwap(9, 1, 4, 5, MinimumOut.Second),
            ByteSwap(11, 1, 4, 5, MinimumOut.Second),
            ByteSwap(16, 1, 3, 4, MinimumOut.Second),
            ByteSwap(17, 1, 3, 4, MinimumOut.Second),
            OfByte(CreatePool, 0, 3),
            OfByte(CreatePool, 1, 4),
            OfByte(AddLiquidity, 3, 1),
            OfByte(RemoveLiquidity, 4, 1),
            OfByte(Other, 2),
            OfByte(Other, 6),
            OfByte(Other, 7),
            OfByte(Other, 8),
            OfByte(Other, 10),
            OfByte(Other, 12),
            OfByte(Other, 13),
        ]);
}
