using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Byreal concentrated liquidity.</summary>
/// <remarks>
/// A fork of Raydium's concentrated liquidity with the same instructions and account positions; seen in real transactions.
/// </remarks>
internal static class Byreal
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Byreal,
        [Pubkey.Parse("REALQqNEomY6cQGZJUGwywTBD2UmDT32rZcNnfxQ5N2")],
        SwapReading.Vaults,
        [
            Swap(0xf8c69e91e17587c8, 2, 5, 6, MinimumOut.WithPriceLimit), // swap
            Swap(0x2b04ed0b1ac91e62, 2, 5, 6, MinimumOut.WithPriceLimit), // swap_v2
            Of(CreatePool, 0xe992d18ecf6840bc, 2), // create_pool
            Of(AddLiquidity, 0x87802f4d0f98f031, 5), // open_position
            Of(AddLiquidity, 0x4db84ad67056f1c7, 5), // open_position_v2
            Of(AddLiquidity, 0x4dffae527d1dc92e, 4), // open_position_with_token22_nft
            Of(AddLiquidity, 0x2e9cf3760dcdfbb2, 2), // increase_liquidity
            Of(AddLiquidity, 0x851d59df45eeb00a, 2), // increase_liquidity_v2
            Of(RemoveLiquidity, 0xa026d06f685b2c01, 3), // decrease_liquidity
            Of(RemoveLiquidity, 0x3a7fbc3e4f52c460, 3), // decrease_liquidity_v2
            Of(Other, 0x7b86510031446262), // close_position
            Of(Other, 0xa3ace0340b9a6adf), // update_reward_infos
            Of(Other, 0x12eda6c52210d590), // collect_remaining_rewards
            Of(Other, 0x8888fcddc2427e59), // collect_protocol_fee
            Of(Other, 0xa78a4e95dfc2067e), // collect_fund_fee
            Of(Other, 0x5f87c0c4f281e644), // initialize_reward
            Of(Other, 0x7034a74b20c9d389), // set_reward_params
        ]);
}
