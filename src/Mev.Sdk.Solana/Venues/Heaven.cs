using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Heaven's pools.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>heaven</c>): pool 4, vaults 10 and 11. Arguments: what is given (at most, of a purchase), minimum out.
/// </remarks>
internal static class Heaven
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Heaven,
        [Pubkey.Parse("HEAVENoP2qxoeuF8Dj2oT1GHEnu49U5mJYkdeC8BAX2o")],
        SwapReading.Vaults,
        [
            Swap(0x66063d1201daebea, 4, 10, 11, MinimumOut.Second), // buy
            Swap(0x33e685a4017f83ad, 4, 10, 11, MinimumOut.Second), // sell
            Of(CreatePool, 0x2a2b7e38e70ad035, 10), // create_standard_liquidity_pool
            Of(Other, 0x00c9e2e47f2d456e), // claim_standard_creator_trading_fee_protocol_fees
            Of(Other, 0xa559dd34aaf9226f), // claim_standard_creator_trading_fees
            Of(Other, 0x54ce8cf53fd440ed), // claim_standard_protocol_trading_fees
            Of(Other, 0x4694259366141e17), // claim_standard_reflection_trading_fees
            Of(Other, 0xb627a819603f4c11), // admin_claim_standard_creator_trading_fees
            Of(Other, 0xf6e5c84f1f157819), // update_creator_trading_fee_receiver
        ]);
}
