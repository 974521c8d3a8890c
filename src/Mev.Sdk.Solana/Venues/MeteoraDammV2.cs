using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Meteora's dynamic pools, version 2.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>cp_amm</c>). Swap: authority, pool, user's in, user's out, vault a, vault b. <c>swap</c>: amount in, minimum out; <c>swap2</c>: two amounts and
/// a mode, in which 2 is an exact output.
/// </remarks>
internal static class MeteoraDammV2
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.MeteoraDammV2,
        [Pubkey.Parse("cpamdpZCGKUy5JxQXB4dcpGPiikHawvSWAd6mEn1sGG")],
        SwapReading.Vaults,
        [
            Swap(0xf8c69e91e17587c8, 1, 4, 5, MinimumOut.Second), // swap
            Swap(0x414b3f4ceb5b5b88, 1, 4, 5, new MinimumOut(8, 0, 16, 2)), // swap2
            Of(AddLiquidity, 0xb59d59438fb63448, 0), // add_liquidity
            Of(RemoveLiquidity, 0x5055d14818ceb16c, 1), // remove_liquidity
            Of(RemoveLiquidity, 0x0a333d2370691855, 1), // remove_all_liquidity
            Of(CreatePool, 0x5fb40aac54aee828, 6), // initialize_pool
            Of(CreatePool, 0x955248c5fdfc440f, 7), // initialize_pool_with_dynamic_config
            Of(CreatePool, 0x14a1f118bdddb402, 5), // initialize_customizable_pool
            Of(Other, 0x30d7c59960cbb485), // create_position
            Of(Other, 0x7b86510031446262), // close_position
            Of(Other, 0xb4269a118521a2d3), // claim_position_fee
            Of(Other, 0x61ce27695e5e7e94), // claim_partner_fee
            Of(Other, 0xa5e4853063f9ff21), // claim_protocol_fee
            Of(Other, 0x955fb5f25e5a9ea2), // claim_reward
            Of(Other, 0xe33e02fcf70aabb9), // lock_position
            Of(Other, 0xa5b07d06e7abbad5), // permanent_lock_position
            Of(Other, 0xacf1dd8aa11dfd2a), // split_position
            Of(Other, 0xdd93e4cf8cd41177), // split_position2
        ]);
}
