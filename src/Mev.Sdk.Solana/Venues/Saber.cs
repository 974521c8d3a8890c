using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Saber stable pools.</summary>
/// <remarks>
/// Source: <c>stable-swap</c>, <c>SwapInstruction</c>: u8 variant, then two u64. Accounts of 1 (swap): pool, authority, user, user's in, vault in, vault out, user's out, admin's fees.
/// </remarks>
internal static class Saber
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Saber,
        [Pubkey.Parse("SSwpkEEcbUqx4vtoEByFjSkhKdCT862DNVb52nZg1UZ")],
        SwapReading.Vaults,
        [
            ByteSwap(1, 0, 4, 5, MinimumOut.Second),
            OfByte(CreatePool, 0, 0),
            OfByte(AddLiquidity, 2, 0),
            OfByte(RemoveLiquidity, 3, 0),
            OfByte(RemoveLiquidity, 4, 0),
        ]);
}
