using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>PumpSwap AMM.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>pump_amm</c>): pool, user, configuration, base mint, quote mint, user's base, user's quote, base vault, quote
/// vault. Arguments: <c>buy</c> base out and maximum quote in; <c>sell</c> base in and minimum quote out; <c>buy_exact_quote_in</c> quote in and minimum base out.
/// </remarks>
internal static class PumpSwap
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.PumpSwap,
        [KnownPrograms.PumpSwap],
        SwapReading.Vaults,
        [
            Swap(0x66063d1201daebea, 0, 7, 8, MinimumOut.First), // buy
            Swap(0x33e685a4017f83ad, 0, 7, 8, MinimumOut.Second), // sell
            Swap(0xc62e1552b4d9e870, 0, 7, 8, MinimumOut.Second), // buy_exact_quote_in
            Of(AddLiquidity, 0xf223c68952e1f2b6, 0), // deposit
            Of(RemoveLiquidity, 0xb712469c946da122, 0), // withdraw
            Of(CreatePool, 0xe992d18ecf6840bc, 0), // create_pool
            Of(Other, 0x253a237ebe35e4c5), // claim_cashback
            Of(Other, 0xea66c2cb96483ee5), // extend_account
            Of(Other, 0xa039592ab58b2b42), // collect_coin_creator_fee
            Of(Other, 0x8b348655e4e56cf1), // transfer_creator_fees_to_pump
            Of(Other, 0xd295802dbc3a4eaf), // set_coin_creator
            Of(Other, 0x5e06ca73ff60e8b7), // init_user_volume_accumulator
            Of(Other, 0xf945a4da9667548a), // close_user_volume_accumulator
            Of(Other, 0x561fc057a3574fee), // sync_user_volume_accumulator
            Of(Other, 0x1004471ccc01281b), // claim_token_incentives
            Of(Other, 0x253a237ebe35e4c5), // seen below an aggregator, moves one token
        ]);
}
