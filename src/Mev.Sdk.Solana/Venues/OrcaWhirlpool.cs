using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Orca Whirlpool.</summary>
/// <remarks>
/// Source: <c>whirlpools</c>, <c>swap</c>, <c>swap_v2</c>, <c>two_hop_swap</c>, <c>two_hop_swap_v2</c>. Arguments: amount u64, threshold u64, then for one hop a
/// price limit u128 and "amount is input", for two hops "amount is input" at once. Of two hops only the second has a minimum. All liquidity instructions name the pool first.
/// </remarks>
internal static class OrcaWhirlpool
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.OrcaWhirlpool,
        [KnownPrograms.OrcaWhirlpool],
        SwapReading.Vaults,
        [
            Swap(0xf8c69e91e17587c8, 2, 4, 6, MinimumOut.WithPriceLimit), // swap
            Swap(0x2b04ed0b1ac91e62, 4, 8, 10, MinimumOut.WithPriceLimit), // swap_v2
            Swap(0xc360ed6c44a2dbe6, 2, 5, 7, MinimumOut.NotStated), // two_hop_swap
            SecondHop(0xc360ed6c44a2dbe6, 3, 9, 11, new MinimumOut(8, 0, 16)), // its second hop
            Swap(0xba8fd11dfe02c275, 0, 9, 10, MinimumOut.NotStated), // two_hop_swap_v2
            SecondHop(0xba8fd11dfe02c275, 1, 11, 12, new MinimumOut(8, 0, 16)), // its second hop
            Of(AddLiquidity, 0x2e9cf3760dcdfbb2, 0), // increase_liquidity
            Of(AddLiquidity, 0x851d59df45eeb00a, 0), // increase_liquidity_v2
            Of(AddLiquidity, 0xeffb097cd2c6352b, 0), // increase_liquidity_by_token_amounts_v2
            Of(RemoveLiquidity, 0xa026d06f685b2c01, 0), // decrease_liquidity
            Of(RemoveLiquidity, 0x3a7fbc3e4f52c460, 0), // decrease_liquidity_v2
            Of(CreatePool, 0x5fb40aac54aee828), // initialize_pool
            Of(CreatePool, 0xcf2d57f21b3fcc43), // initialize_pool_v2
            Of(CreatePool, 0x8f5e604cac7c77c7), // initialize_pool_with_adaptive_fee
            Of(Other, 0x87802f4d0f98f031), // open_position
            Of(Other, 0xf21d86303a6e0e3c), // open_position_with_metadata
            Of(Other, 0xd42f5f5c726683fa), // open_position_with_token_extensions
            Of(Other, 0x7b86510031446262), // close_position
            Of(Other, 0x01b6873b9b1963df), // close_position_with_token_extensions
            Of(Other, 0x9ae6fa0decd14bdf), // update_fees_and_rewards
            Of(Other, 0xa498cf631eba13b6), // collect_fees
            Of(Other, 0xcf755fbfe5b4e20f), // collect_fees_v2
            Of(Other, 0x4605845756ebb122), // collect_reward
            Of(Other, 0xb16b25b4a01331d1), // collect_reward_v2
            Of(Other, 0x1643176296b246dc), // collect_protocol_fees
            Of(Other, 0x0bbcc1d68d5b95b8), // initialize_tick_array
            Of(Other, 0x2921a5c878e78e32), // initialize_dynamic_tick_array
        ]);
}
