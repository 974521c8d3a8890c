using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Raydium LaunchLab's bonding curves.</summary>
/// <remarks>
/// Source: <c>raydium_launchpad</c>'s published IDL: payer, authority, configuration, platform, pool, user's base, user's quote, base vault, quote vault. Arguments: an exact input and a
/// minimum, or an exact output and a maximum.
/// </remarks>
internal static class RaydiumLaunchLab
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.RaydiumLaunchLab,
        [Pubkey.Parse("LanMV9sAd7wArD4vJFi2qDdfnVhFxYSUg6eADduJ3uj")],
        SwapReading.Vaults,
        [
            Swap(0xfaea0d7bd59c13ec, 4, 7, 8, MinimumOut.Second), // buy_exact_in
            Swap(0x18d3742869039938, 4, 7, 8, MinimumOut.First), // buy_exact_out
            Swap(0x9527de9bd37c981a, 4, 7, 8, MinimumOut.Second), // sell_exact_in
            Swap(0x5fc8472208090ba6, 4, 7, 8, MinimumOut.First), // sell_exact_out
            Of(CreatePool, 0xafaf6d1f0d989bed, 5), // initialize
            Of(CreatePool, 0x4399af27da102620, 5), // initialize_v2
            Of(CreatePool, 0x25be7ede2c9aab11, 5), // initialize_with_token_2022
            Of(Other, 0xcf52c091fecf91df), // migrate_to_amm
            Of(Other, 0x885cc8671cda908c), // migrate_to_cpswap
            Of(Other, 0x9c27d0874ced3d48), // claim_platform_fee
            Of(Other, 0x1a618acb84ab8dfc), // claim_creator_fee
            Of(Other, 0x3cadf767045d8230), // collect_fee
            Of(Other, 0x3121681ebd9d4f23), // claim_vested_token
            Of(Other, 0x81b2020dd9ace6da), // create_vesting_account
        ]);
}
