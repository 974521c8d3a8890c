using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>OpenBook, version 2.</summary>
/// <remarks>
/// Source: <c>openbook-v2</c>, <c>place_take_order</c>: signer, penalty payer, market, market authority, bids, asks, base vault, quote vault. Its amounts are in lots, so no minimum is read. Other orders
/// only lock funds, which are settled later and by themselves.
/// </remarks>
internal static class OpenBookV2
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.OpenBookV2,
        [Pubkey.Parse("opnb2LAfJYbRMAHHvqjCwQxanZn7ReEHp1k81EohpZb")],
        SwapReading.Vaults,
        [
            Swap(0x032c47031ac7cb55, 2, 6, 7, MinimumOut.NotStated), // place_take_order
            Of(Other, 0x33c29baf6d82606a), // place_order
            Of(Other, 0x3c3f327b0cc53cbe), // place_orders
            Of(Other, 0x8db9fb3f4a55d291), // place_order_pegged
            Of(Other, 0x809bde3cba28e132), // cancel_all_and_place_orders
            Of(Other, 0xfed0761dadf8c846), // edit_order
            Of(Other, 0x3ebb7d451add9d85), // edit_order_pegged
            Of(Other, 0x5f81edf00831df84), // cancel_order
            Of(Other, 0x73b2c908afb77b77), // cancel_order_by_client_order_id
            Of(Other, 0xc453f3ab1164a08f), // cancel_all_orders
            Of(Other, 0xdd91b1341f2f3fc9), // consume_events
            Of(Other, 0xd1e336046dac2947), // consume_given_events
            Of(Other, 0xf223c68952e1f2b6), // deposit
            Of(Other, 0x80cf8e0b36e826c9), // refill
            Of(Other, 0xee40a3604bab1021), // settle_funds
            Of(Other, 0x6b123845e43837a4), // settle_funds_expired
            Of(Other, 0xafe1624776422294), // sweep_fees
            Of(Other, 0x67e261ebc8bcfbfe), // create_market
            Of(Other, 0x589af8ba300e7bf4), // close_market
            Of(Other, 0xccb5afde287dbc47), // create_open_orders_account
            Of(Other, 0x404099ffd947f985), // create_open_orders_indexer
            Of(Other, 0xb04a73d236b35b67), // close_open_orders_account
        ]);
}
