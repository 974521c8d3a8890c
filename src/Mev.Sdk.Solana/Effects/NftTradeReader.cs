using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Effects;

/// <summary>Finds collectibles that changed their owner for a price.</summary>
/// <remarks>
/// The rule: below one outer instruction a token without decimals moves once from one owner to another, and in the same outer instruction the new owner pays
/// the old one, or a known market place was called.
/// </remarks>
internal static class NftTradeReader
{
    public static void Read(in ExecutionView view, GrowList<NftTrade> trades, Span<MovementPurpose> purposes)
    {
        foreach (ref readonly var transfer in view.Transfers)
        {
            if (transfer.Kind != MovementKind.Token || transfer.Sent != 1 || view.Tokens[transfer.Source].Decimals != 0)
            {
                continue;
            }

            ref readonly var step = ref view.Steps[transfer.Step];
            ref readonly var source = ref view.Tokens[transfer.Source];
            ref readonly var destination = ref view.Tokens[transfer.Destination];
            if (step.Depth > 1 && !source.Mint.IsZero && !destination.Owner.IsZero && source.Owner != destination.Owner)
            {
                TryAdd(in view, in transfer, trades, purposes);
            }
        }
    }

    private static void TryAdd(in ExecutionView view, in TokenTransfer moved, GrowList<NftTrade> trades, Span<MovementPurpose> purposes)
    {
        var outer = view.Steps[moved.Step].Outer;
        var first = moved.Step;
        while (first > 0 && view.Steps[first - 1].Outer == outer)
        {
            first--;
        }

        ref var trade = ref trades.Add();
        ref readonly var source = ref view.Tokens[moved.Source];
        trade.Mint = source.Mint;
        trade.Seller = source.Owner;
        trade.Buyer = view.Tokens[moved.Destination].Owner;
        trade.OuterInstruction = outer;
        trade.InnerInstruction = view.Steps[moved.Step].Inner;
        trade.Program = view.Keys[view.Steps[first].Program];
        trade.IsKnownMarket = CallsMarket(in view, first);
        var sellerPaid = ReadPrice(in view, first, ref trade);
        if ((trade.Price > 0 && sellerPaid) || (trade.IsKnownMarket && (trade.Price > 0 || TryReadGain(in view, ref trade))))
        {
            purposes[first..view.Steps[first].End].Fill(MovementPurpose.NftTrade);
            return;
        }

        trades.RemoveLast();
    }

    private static bool CallsMarket(in ExecutionView view, int first)
    {
        for (var i = first; i < view.Steps[first].End; i++)
        {
            if (view.Steps[i].Kind == ProgramKind.NftMarket)
            {
                return true;
            }
        }

        return false;
    }

    // All that the buyer paid in the currency of the first payment: to the seller, to the market place, to the artist.
    private static bool ReadPrice(in ExecutionView view, int first, ref NftTrade trade)
    {
        var sellerPaid = false;
        foreach (ref readonly var payment in view.TransfersBelow(first))
        {
            if (payment.Kind is not (MovementKind.Token or MovementKind.Lamports) || view.Keys[payment.Authority] != trade.Buyer
                || view.IsOwnedBy(payment.Destination, payment.Authority))
            {
                continue;
            }

            var mint = view.MintOf(in payment);
            if (mint == trade.Mint || (trade.Price > 0 && mint != trade.PriceMint))
            {
                continue;
            }

            trade.PriceMint = mint;
            trade.Price = Saturating.Add(trade.Price, payment.Sent);
            ref readonly var account = ref view.Tokens[payment.Destination];
            sellerPaid |= (account.IsKnown ? account.Owner : view.Keys[payment.Destination]) == trade.Seller;
        }

        return sellerPaid;
    }

    // Market places pay from escrows of their own without a transfer; what the seller then has more is the price less fees.
    private static bool TryReadGain(in ExecutionView view, ref NftTrade trade)
    {
        var seller = view.Keys.IndexOf(trade.Seller);
        if (seller < 0)
        {
            return false;
        }

        var (before, after) = (view.LamportsBefore((byte)seller), view.LamportsAfter((byte)seller));
        if (after <= before)
        {
            return false;
        }

        (trade.PriceMint, trade.Price) = (KnownMints.WrappedSol, after - before);
        return true;
    }
}
