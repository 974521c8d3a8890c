using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Meteora's dynamic pools, version 1.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>amm</c>): pool first in every instruction; amount in u64, minimum out u64. The pool keeps its tokens in the vaults of another
/// program, two calls below, so the swap is told by what moved there.
/// </remarks>
internal static class MeteoraDammV1
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.MeteoraDammV1,
        [KnownPrograms.MeteoraDamm],
        SwapReading.DeepMovements,
        [
            Swap(0xf8c69e91e17587c8, 0, -1, -1, MinimumOut.Second), // swap
            Of(AddLiquidity, 0xa8e3323ebdab54b0, 0), // add_balance_liquidity
            Of(AddLiquidity, 0x4f237a54ad0f5dbf, 0), // add_imbalance_liquidity
            Of(AddLiquidity, 0x04e4d747e1fd77ce, 0), // bootstrap_liquidity
            Of(RemoveLiquidity, 0x856d2cb338ee7221, 0), // remove_balance_liquidity
            Of(RemoveLiquidity, 0x5454b142feb90afb, 0), // remove_liquidity_single_side
            Of(CreatePool, 0x4d55b29d3230d47e, 0), // initialize_permissioned_pool
            Of(CreatePool, 0x76ad299dad486167, 0), // initialize_permissionless_pool
            Of(CreatePool, 0x06874493e552a971, 0), // initialize_permissionless_pool_with_fee_tier
            Of(CreatePool, 0x07a68aabceabecf4, 0), // initialize_permissionless_constant_product_pool_with_config
            Of(CreatePool, 0x3095dc823d0b09b2, 0), // initialize_permissionless_constant_product_pool_with_config2
            Of(CreatePool, 0x9118acc2db7d03be, 0), // initialize_customizable_permissionless_constant_product_pool
            Of(Other, 0xa9204f8988e84689), // claim_fee
            Of(Other, 0x1513d02bed3eff57), // lock
            Of(Other, 0x3657a51345e3dae0), // create_lock_escrow
            Of(Other, 0x0d46a829fa64945a), // create_mint_metadata
            Of(Other, 0x3935b01e7b463440), // partner_claim_fee
        ]);
}
