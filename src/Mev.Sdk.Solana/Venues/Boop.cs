using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Boop's bonding curves.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>boop</c>): mint, curve, fees, the curve's tokens, the curve's SOL. Arguments: amount in, minimum out. What it swaps on Raydium while it graduates a token
/// is that pool's swap.
/// </remarks>
internal static class Boop
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Boop,
        [Pubkey.Parse("boop8hVGQGqehUK2iVEMEnMrL5RbjywRzHKBmBE7ry4")],
        SwapReading.Vaults,
        [
            Swap(0x8a7f0e5b26577369, 1, 3, 4, MinimumOut.Second), // buy_token
            Swap(0x6d3d28bbe6b087ae, 1, 3, 4, MinimumOut.Second), // sell_token
            Of(Other, 0x5434cce4188cea4b), // create_token
            Of(Other, 0xfdb87ec7ebe8aca2), // create_token_fallback
            Of(Other, 0xb459c74ca8ecd98a), // deploy_bonding_curve
            Of(Other, 0x35e6ac544dae163d), // deploy_bonding_curve_fallback
            Of(Other, 0xa859631e753158e0), // deposit_into_raydium
            Of(Other, 0x2debe1b511da4082), // graduate
            Of(Other, 0xbd26cdea514d1901), // collect_trading_fees
            Of(Other, 0xf95f7e5b51a253fa), // collect_meteora_trading_fees
            Of(Other, 0xf6fe2125e1b029e8), // create_meteora_pool
            Of(Other, 0x412d774dccb25402), // create_raydium_pool
            Of(Other, 0x4e2cad1d84b404ac), // create_raydium_random_pool
            Of(Other, 0xadff94067a638c16), // lock_raydium_liquidity
            Of(Other, 0x607ee12fb9d5323a), // split_trading_fees
            Of(Other, 0x6bf883ef98ea3623), // swap_sol_for_tokens_on_raydium
            Of(Other, 0xd8ac82942262d7a3), // swap_tokens_for_sol_on_raydium
            Of(Other, 0xbd47bdef71423bbd), // close_bonding_curve_vault
        ]);
}
