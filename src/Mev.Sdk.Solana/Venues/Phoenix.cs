using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Phoenix order books.</summary>
/// <remarks>
/// Source: <c>phoenix-v1</c>, <c>PhoenixInstruction</c>: u8 variant. Accounts of 0 (swap): program, log authority, market, trader, trader's base, trader's quote, base vault, quote vault. The order
/// packet states its limit in lots, so no minimum is read. 1 and 3 trade against funds deposited before and move no tokens.
/// </remarks>
internal static class Phoenix
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Phoenix,
        [Pubkey.Parse("PhoeNiXZ8ByJGLkxNfZRnkUfjvmuYqLR89jjFHGqdXY")],
        SwapReading.Vaults,
        [
            ByteSwap(0, 2, 6, 7, MinimumOut.NotStated),
            ByteSwap(2, 2, 7, 8, MinimumOut.NotStated),
            OfByte(Other, 1),
            OfByte(Other, 3),
            OfByte(Other, 4),
            OfByte(Other, 5),
            OfByte(Other, 6),
            OfByte(Other, 7),
            OfByte(Other, 8),
            OfByte(Other, 9),
            OfByte(Other, 10),
            OfByte(Other, 11),
            OfByte(Other, 12),
            OfByte(Other, 13),
            OfByte(Other, 14),
            OfByte(Other, 15),
            OfByte(Other, 16),
            OfByte(Other, 17),
        ]);
}
