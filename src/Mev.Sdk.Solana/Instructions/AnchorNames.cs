using System.Buffers.Binary;
using System.Collections.Frozen;
using Mev.Sdk.Solana.Venues;

namespace Mev.Sdk.Solana.Instructions;

/// <summary>Names of instructions by the 8 bytes that Anchor puts before their arguments.</summary>
/// <remarks>
/// A discriminator is the start of <c>sha256("global:NAME")</c>, so a name that was guessed right proves itself, whatever the program. The names are those that the published IDLs of
/// trading venues, aggregators and lending programs use.
/// </remarks>
internal static class AnchorNames
{
    private const string Names = """
        swap swap2 swap_v2 swap_v3 swap_exact_out swap_exact_out2 swap_exact_in swap_exact_amount_in swap_exact_amount_out swap_with_price_impact swap_with_price_impact2
        swap_base_input swap_base_output swap_base_in swap_base_out two_hop_swap two_hop_swap_v2 buy sell buy_exact_in buy_exact_out buy_exact_sol_in buy_exact_quote_in sell_exact_in sell_exact_out
        route route_v2 route_with_token_ledger exact_out_route exact_out_route_v2 shared_accounts_route shared_accounts_route_v2 shared_accounts_route_with_token_ledger shared_accounts_exact_out_route
        shared_accounts_exact_out_route_v2 exact_route_v2 set_token_ledger create_token_ledger create_open_orders create_token_account create_program_open_orders claim claim_token close_token
        increase_liquidity increase_liquidity_v2 increase_liquidity_by_token_amounts_v2 decrease_liquidity decrease_liquidity_v2 open_position open_position_v2 open_position_with_metadata
        open_position_with_token_extensions open_position_with_token22_nft close_position close_position2 close_position_if_empty close_position_with_token_extensions create_position
        add_liquidity add_liquidity2 add_liquidity_by_weight add_liquidity_by_strategy add_liquidity_by_strategy2 add_liquidity_by_strategy_one_side add_liquidity_one_side add_liquidity_one_side_precise
        add_liquidity_one_side_precise2 add_balance_liquidity add_imbalance_liquidity remove_liquidity remove_liquidity2 remove_all_liquidity remove_liquidity_by_range remove_liquidity_by_range2
        remove_balance_liquidity remove_liquidity_single_side rebalance_liquidity bootstrap_liquidity deposit withdraw deposit_all_token_types withdraw_all_token_types
        create create_v2 create_pool create_config initialize initialize_v2 initialize_with_permission initialize_pool initialize_pool_v2 initialize_pool_with_config initialize_pool_with_dynamic_config
        initialize_customizable_pool initialize_pool_with_adaptive_fee initialize_lb_pair initialize_lb_pair2 initialize_permission_lb_pair initialize_customizable_permissionless_lb_pair
        initialize_customizable_permissionless_lb_pair2 initialize_position initialize_position2 initialize_position_pda initialize_bin_array initialize_bin_array_bitmap_extension initialize_tick_array
        initialize_dynamic_tick_array initialize_reward increase_position_length decrease_position_length go_to_a_bin migrate extend_account
        collect_fees collect_fees_v2 collect_reward collect_reward_v2 collect_protocol_fee collect_protocol_fees collect_fund_fee collect_creator_fee collect_coin_creator_fee collect_remaining_rewards
        claim_fee claim_fee2 claim_reward claim_reward2 claim_position_fee claim_partner_fee claim_protocol_fee claim_token_incentives claim_cashback update_fees_and_rewards update_fees_and_reward2
        update_reward_infos set_reward_params set_creator set_coin_creator set_metaplex_creator transfer_creator_fees_to_pump init_user_volume_accumulator close_user_volume_accumulator sync_user_volume_accumulator
        lock_position permanent_lock_position split_position split_position2 lock unlock stake unstake harvest
        borrow repay liquidate refresh_reserve refresh_obligation refresh_reserves_batch init_obligation deposit_reserve_liquidity deposit_reserve_liquidity_and_obligation_collateral
        withdraw_obligation_collateral_and_redeem_reserve_collateral deposit_obligation_collateral withdraw_obligation_collateral borrow_obligation_liquidity repay_obligation_liquidity
        redeem_reserve_collateral liquidate_obligation_and_redeem_reserve_collateral liquidate_obligation_and_redeem_reserve_collateral_v2 flash_borrow_reserve_liquidity flash_repay_reserve_liquidity
        lending_account_deposit lending_account_withdraw lending_account_borrow lending_account_repay lending_account_liquidate lending_account_start_flashloan lending_account_end_flashloan
        liquidate_perp liquidate_spot liquidate_full_position4 place_perp_order place_and_take_perp_order fill_perp_order settle_pnl place_order cancel_order cancel_all_orders place_take_order consume_events settle_funds
        fill_order open_dca open_dca_v2 close_dca initiate_flash_fill fulfill_flash_fill initiate_dlmm_fill fulfill_dlmm_fill transfer end_and_close
        """;

    private static readonly FrozenDictionary<ulong, string> ByDiscriminator = Names
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Distinct(StringComparer.Ordinal)
        .ToFrozenDictionary(static name => BinaryPrimitives.ReadUInt64BigEndian(InstructionLayout.Discriminator(name)), InstructionLayout.Camel);

    /// <summary>The name that the data begins with; null = none of those listed.</summary>
    public static string? Find(ReadOnlySpan<byte> data)
    {
        var discriminator = Anchor.DiscriminatorOf(data);
        return discriminator == 0 ? null : discriminator == Anchor.EventCall ? "event" : ByDiscriminator.GetValueOrDefault(discriminator);
    }
}
