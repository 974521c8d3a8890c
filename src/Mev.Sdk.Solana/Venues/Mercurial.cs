using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Mercurial stable pools.</summary>
/// <remarks>
/// Source: <c>stable-swap-n-pool-js</c>: u8 variant; 4 (exchange) has amount in u64 and minimum out u64; accounts: pool, token program, authority, user, then all vaults of
/// the pool, as many as it has tokens, so that the two that traded are told by what moved.
/// </remarks>
internal static class Mercurial
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Mercurial,
        [Pubkey.Parse("MERLuDFBMmsHnsBPZw2sDQZHvXFMwp8EdjudcU2HKky")],
        SwapReading.Movements,
        [
            ByteSwap(4, 0, -1, -1, MinimumOut.Second),
            OfByte(CreatePool, 0, 0),
            OfByte(AddLiquidity, 1, 0),
            OfByte(RemoveLiquidity, 2, 0),
            OfByte(RemoveLiquidity, 3, 0),
        ]);
}
