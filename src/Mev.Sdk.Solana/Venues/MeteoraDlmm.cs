using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Meteora DLMM.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>lb_clmm</c>): pool, bitmap extension, reserve x, reserve y, ... in all six swap instructions. Arguments:
/// amount in and minimum out, or maximum in and amount out; a price-impact swap states no minimum. Liquidity: position, pool.
/// </remarks>
internal static class MeteoraDlmm
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.MeteoraDlmm,
        [KnownPrograms.MeteoraDlmm],
        SwapReading.Vaults,
        [
            Swap(0xf8c69e91e17587c8, 0, 2, 3, MinimumOut.Second), // swap
            Swap(0x414b3f4ceb5b5b88, 0, 2, 3, MinimumOut.Second), // swap2
            Swap(0xfa49652126cf4bb8, 0, 2, 3, MinimumOut.Second), // swap_exact_out
            Swap(0x2bd7f784893cf351, 0, 2, 3, MinimumOut.Second), // swap_exact_out2
            Swap(0x38ade6d0ade49ccd, 0, 2, 3, MinimumOut.NotStated), // swap_with_price_impact
            Swap(0x4a62c0d6b1334b33, 0, 2, 3, MinimumOut.NotStated), // swap_with_price_impact2
            Of(AddLiquidity, 0xb59d59438fb63448, 1), // add_liquidity
            Of(AddLiquidity, 0xe4a24e1c46db7473, 1), // add_liquidity2
            Of(AddLiquidity, 0x1c8cee63e7a21595, 1), // add_liquidity_by_weight
            Of(AddLiquidity, 0x0703967f94283dc8, 1), // add_liquidity_by_strategy
            Of(AddLiquidity, 0x03dd95da6f8d76d5, 1), // add_liquidity_by_strategy2
            Of(AddLiquidity, 0x2905eeaf64e106cd, 1), // add_liquidity_by_strategy_one_side
            Of(AddLiquidity, 0x5e9b6797465fdca5, 1), // add_liquidity_one_side
            Of(AddLiquidity, 0xa1c26754ab47fa9a, 1), // add_liquidity_one_side_precise
            Of(AddLiquidity, 0x2133a3c975627de7, 1), // add_liquidity_one_side_precise2
            Of(RemoveLiquidity, 0x5055d14818ceb16c, 1), // remove_liquidity
            Of(RemoveLiquidity, 0xe6d7527ff165e392, 1), // remove_liquidity2
            Of(RemoveLiquidity, 0x0a333d2370691855, 1), // remove_all_liquidity
            Of(RemoveLiquidity, 0x1a526698f04a691a, 1), // remove_liquidity_by_range
            Of(RemoveLiquidity, 0xcc02c391359191cd, 1), // remove_liquidity_by_range2
            Of(CreatePool, 0x2d9aedd2dd0fa65c, 0), // initialize_lb_pair
            Of(CreatePool, 0x493b2478ed536cc6, 0), // initialize_lb_pair2
            Of(CreatePool, 0x6c66d555fb033515, 0), // initialize_permission_lb_pair
            Of(CreatePool, 0x2e2729876fb7c840, 0), // initialize_customizable_permissionless_lb_pair
            Of(CreatePool, 0xf349817e3313f16b, 0), // initialize_customizable_permissionless_lb_pair2
            Of(Other, 0xdbc0ea47bebf6650), // initialize_position
            Of(Other, 0x8f13f291d50f6873), // initialize_position2
            Of(Other, 0x2e527d92558de499), // initialize_position_pda
            Of(Other, 0x235613b94ed44bd3), // initialize_bin_array
            Of(Other, 0x2f9de2b40cf02147), // initialize_bin_array_bitmap_extension
            Of(Other, 0xa9204f8988e84689), // claim_fee
            Of(Other, 0x70bf65ab1c907fbb), // claim_fee2
            Of(Other, 0x955fb5f25e5a9ea2), // claim_reward
            Of(Other, 0xbe037f77b2579db7), // claim_reward2
            Of(Other, 0x7b86510031446262), // close_position
            Of(Other, 0xae5a2373ba2893e2), // close_position2
            Of(Other, 0x3b7cd4765b986e9d), // close_position_if_empty
            Of(Other, 0x9ae6fa0decd14bdf), // update_fees_and_rewards
            Of(Other, 0x208eb89a6741b858), // update_fees_and_reward2
            Of(Other, 0x9248aee028fd54ae), // go_to_a_bin
            Of(Other, 0x5c04b0c177b95309), // rebalance_liquidity
            Of(Other, 0x505375d3420d2195), // increase_position_length
            Of(Other, 0xc2db882019606925), // decrease_position_length
        ]);
}
