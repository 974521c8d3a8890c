using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Meteora's dynamic bonding curves.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>dynamic_bonding_curve</c>): authority, configuration, pool, user's in, user's out, base vault, quote vault. <c>swap</c>: amount in,
/// minimum out; <c>swap2</c>: two amounts and a mode, in which 2 is an exact output.
/// </remarks>
internal static class MeteoraDbc
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.MeteoraDbc,
        [Pubkey.Parse("dbcij3LWUppWqq96dh6gJWwBifmcGfLSB5D4DuSMaqN")],
        SwapReading.Vaults,
        [
            Swap(0xf8c69e91e17587c8, 2, 5, 6, MinimumOut.Second), // swap
            Swap(0x414b3f4ceb5b5b88, 2, 5, 6, new MinimumOut(8, 0, 16, 2)), // swap2
            Of(CreatePool, 0x8c55d7b06636684f, 5), // initialize_virtual_pool_with_spl_token
            Of(CreatePool, 0xa976334e916edc9b, 5), // initialize_virtual_pool_with_token2022
            Of(Other, 0x52dcfabd03556b2d), // claim_creator_trading_fee
            Of(Other, 0xa5e4853063f9ff21), // claim_protocol_fee
            Of(Other, 0x08ec5931987db151), // claim_trading_fee
            Of(Other, 0xc9cff3724b6f2fbd), // create_config
            Of(Other, 0xa75a899a4b2f1154), // create_locker
            Of(Other, 0xc0a8eabfbce2e3ff), // create_partner_metadata
            Of(Other, 0x2d61bb67fe6d7c86), // create_virtual_pool_metadata
            Of(Other, 0xa50389071c864c50), // creator_withdraw_surplus
            Of(Other, 0x1b013016b43f76d9), // migrate_meteora_damm
            Of(Other, 0x8b85021e5b917f9a), // migrate_meteora_damm_claim_lp_token
            Of(Other, 0xb137ee9dfb58a52a), // migrate_meteora_damm_lock_lp_token
            Of(Other, 0x9ca9e66735e45040), // migration_damm_v2
            Of(Other, 0x6dbd1324c3b7de52), // migration_damm_v2_create_metadata
            Of(Other, 0x2f5e7e73dde2c285), // migration_meteora_damm_create_metadata
            Of(Other, 0xa8ad4864c962265c), // partner_withdraw_surplus
            Of(Other, 0x3688e18aacb6d6a7), // protocol_withdraw_surplus
            Of(Other, 0x1407a9213a93a621), // transfer_pool_creator
            Of(Other, 0x14c6caedebf3b742), // withdraw_leftover
            Of(Other, 0xed8e2d178106dea2), // withdraw_migration_fee
        ]);
}
