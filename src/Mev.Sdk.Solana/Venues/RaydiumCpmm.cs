using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Raydium CPMM.</summary>
/// <remarks>
/// Source: <c>raydium-cp-swap</c>, <c>swap_base_input</c> (amount in, minimum out) and <c>swap_base_output</c> (maximum in, amount out): payer, authority,
/// configuration, pool, user's in, user's out, vault in, vault out. Deposit and withdraw: owner, authority, pool.
/// </remarks>
internal static class RaydiumCpmm
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.RaydiumCpmm,
        [KnownPrograms.RaydiumCpmm],
        SwapReading.Vaults,
        [
            Swap(0x8fbe5adac41e33de, 3, 6, 7, MinimumOut.Second), // swap_base_input
            Swap(0x37d96256a34ab4ad, 3, 6, 7, MinimumOut.Second), // swap_base_output
            Of(CreatePool, 0xafaf6d1f0d989bed, 3), // initialize
            Of(CreatePool, 0x3f37fe4131b25979, 4), // initialize_with_permission
            Of(AddLiquidity, 0xf223c68952e1f2b6, 2), // deposit
            Of(RemoveLiquidity, 0xb712469c946da122, 2), // withdraw
            Of(Other, 0x8888fcddc2427e59), // collect_protocol_fee
            Of(Other, 0xa78a4e95dfc2067e), // collect_fund_fee
            Of(Other, 0x1416567bc61cdb84), // collect_creator_fee
        ]);
}
