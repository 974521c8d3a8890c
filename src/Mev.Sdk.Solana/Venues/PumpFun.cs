using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Pump.fun's bonding curve: native SOL against one token.</summary>
/// <remarks>
/// Its swaps are read by <see cref="PumpFunEvent"/>. Source: the program's published IDL (<c>pump</c>): the bonding curve is account 3 of a trade; arguments: <c>buy</c> tokens out and
/// maximum SOL in, <c>sell</c> tokens in and minimum SOL out, <c>buy_exact_sol_in</c> SOL in and minimum tokens out.
/// </remarks>
internal static class PumpFun
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.PumpFun,
        [KnownPrograms.PumpFun],
        SwapReading.PumpFunEvent,
        [
            Swap(0x66063d1201daebea, 3, 4, 4, MinimumOut.First), // buy
            Swap(0x33e685a4017f83ad, 3, 4, 4, MinimumOut.Second), // sell
            Swap(0x38fc74089edfcd5f, 3, 4, 4, MinimumOut.Second), // buy_exact_sol_in
            Of(CreatePool, 0x181ec828051c0777, 2), // create
            Of(CreatePool, 0xd6904cec5f8b31b4, 2), // create_v2
            Of(Other, 0x9beae792ec9ea21e), // migrate
            Of(Other, 0xea66c2cb96483ee5), // extend_account
            Of(Other, 0x1416567bc61cdb84), // collect_creator_fee
            Of(Other, 0xfe94ff70cf8eaaa5), // set_creator
            Of(Other, 0x8a60aed93055c5f6), // set_metaplex_creator
            Of(Other, 0x5e06ca73ff60e8b7), // init_user_volume_accumulator
            Of(Other, 0xf945a4da9667548a), // close_user_volume_accumulator
            Of(Other, 0x561fc057a3574fee), // sync_user_volume_accumulator
            Of(Other, 0x1004471ccc01281b), // claim_token_incentives
        ]);
}
