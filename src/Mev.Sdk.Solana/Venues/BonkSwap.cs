using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>BonkSwap's pools.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>bonkswap</c>): state, pool, token x, token y, pool's x, pool's y. It states a price limit, no minimum.
/// </remarks>
internal static class BonkSwap
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.BonkSwap,
        [Pubkey.Parse("BSwp6bEBihVLdqJRKGgzjcGLHkcTuzmSo1TQkHepzH8p")],
        SwapReading.Vaults,
        [
            Swap(0xf8c69e91e17587c8, 1, 4, 5, MinimumOut.NotStated), // swap
            Of(Other, 0x50664639eb58ef08), // add_supply
            Of(Other, 0x1cda1ed1af9b99f0), // add_tokens
            Of(Other, 0x8cbdd117ef3eef0b), // close_pool
            Of(Other, 0x2ab4678ace2bd062), // create_dual_farm
            Of(Other, 0x4a3b80a057ae99c2), // create_farm
            Of(Other, 0xe992d18ecf6840bc), // create_pool
            Of(Other, 0x4a35d3ae26a8e3b1), // create_provider
            Of(Other, 0xd6d3d14f6b69f7de), // create_state
            Of(Other, 0x9a1ab49112c987ab), // create_triple_farm
            Of(Other, 0x2f4de97576373d71), // reset_farm
            Of(Other, 0xe11b0d064554acbf), // update_fees
            Of(Other, 0xf9ec474a683ae11c), // update_reward_tokens
            Of(Other, 0xbc4b1ec6632b0c36), // withdraw_buyback
            Of(Other, 0x95a102d5c3932a41), // withdraw_lp_fee
            Of(Other, 0xfde581252f480bf0), // withdraw_mercanti_fee
            Of(Other, 0x82c98e9c9fcfa816), // withdraw_project_fee
            Of(Other, 0x0ad6db8bcd16fb15), // withdraw_rewards
            Of(Other, 0xb0689a69fa5044f4), // withdraw_shares
        ]);
}
