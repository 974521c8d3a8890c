using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Stabble's stable and weighted pools.</summary>
/// <remarks>
/// Source: the published IDLs of <c>stable_swap</c> and <c>weighted_swap</c>: <c>swap</c> has the pool at 6 and the vaults at 3 and 4, <c>swap_v2</c> at 8, 5 and 6. Arguments: an optional amount in, minimum out.
/// </remarks>
internal static class Stabble
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Stabble,
        [Pubkey.Parse("swapNyd8XiQwJ6ianp9snpu4brUqFxadzvHebnAXjJZ"), Pubkey.Parse("swapFpHZwjELNnjvThjajtiVmkz3yPQEHjLtka2fwHW")],
        SwapReading.Vaults,
        [
            Swap(0xf8c69e91e17587c8, 6, 3, 4, new MinimumOut(9, 1, 0)), // swap
            Swap(0x2b04ed0b1ac91e62, 8, 5, 6, new MinimumOut(9, 1, 0)), // swap_v2
            Of(AddLiquidity, 0xf223c68952e1f2b6, 3), // deposit
            Of(RemoveLiquidity, 0xb712469c946da122, 3), // withdraw
            Of(Other, 0xafaf6d1f0d989bed), // initialize
            Of(Other, 0xd316ddfb4a79c12f), // pause
            Of(Other, 0xa99004260a8dbcff), // unpause
            Of(Other, 0x92ccf1d55615fdd3), // shutdown
            Of(Other, 0x38eebd23c89d2a42), // change_amp_factor
            Of(Other, 0x5db000cd453f5750), // change_max_supply
            Of(Other, 0xe70f843384a540aa), // change_swap_fee
            Of(Other, 0x98a06b94f5be7fe0), // create_strategy
            Of(Other, 0xf92e37391f263d1b), // exec_strategy
            Of(Other, 0x078da23c47731a92), // approve_strategy
            Of(Other, 0xf519ddaf6ae5e12d), // transfer_owner
            Of(Other, 0xb017291c176f0804), // accept_owner
            Of(Other, 0xeecec6d733b285e4), // reject_owner
        ]);
}
