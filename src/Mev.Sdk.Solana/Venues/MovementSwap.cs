using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Reads a swap of a program that nobody described, from what moved while it ran.</summary>
/// <remarks>
/// The rule: among the transfers that the program invoked itself, one owner sends a token to somebody else and gets another token from an
/// authority that is not this owner. An exchange of a single indivisible token is no swap but a sale of a collectible. Lamports count as wrapped SOL where
/// they go to, or come from, the very account that owns the tokens on the other side, as bonding curves do; a fee in lamports beside a gift of tokens does not.
/// </remarks>
internal static class MovementSwap
{
    /// <summary>Reads the swap that an instruction made.</summary>
    /// <param name="view">The transaction.</param>
    /// <param name="index">The instruction's step.</param>
    /// <param name="anyDepth">Whether transfers count that programs below it invoked: true for pools that keep their tokens in another program's vaults.</param>
    /// <param name="swap">The swap; venue, pool and minimum are left to the caller.</param>
    /// <returns>False when nothing was exchanged.</returns>
    public static bool TryRead(in ExecutionView view, int index, bool anyDepth, ref SwapEntry swap)
    {
        var transfers = view.TransfersBelow(index);
        var depth = anyDepth ? 0 : view.Steps[index].Depth + 1;
        var (into, outOf) = (-1, -1);
        for (var i = 0; i < transfers.Length; i++)
        {
            ref readonly var given = ref transfers[i];
            if (!Counts(in view, in given, depth) || view.IsOwnedBy(given.Destination, given.Authority))
            {
                continue;
            }

            for (var j = 0; j < transfers.Length; j++)
            {
                ref readonly var got = ref transfers[j];
                if (Counts(in view, in got, depth) && IsExchange(in view, in given, in got)
                    && (into < 0 || IsBetter(in view, in given, in got, in transfers[into], in transfers[outOf])))
                {
                    (into, outOf) = (i, j);
                }
            }
        }

        if (into < 0)
        {
            return TryReadSale(in view, index, transfers, depth, ref swap);
        }

        Fill(in view, in transfers[into], in transfers[outOf], ref swap);
        swap.AmountIn = VaultSwap.SentFrom(transfers, transfers[into].Source, transfers[into].Authority);
        return !IsCollectible(swap.DecimalsIn, swap.AmountIn) && !IsCollectible(swap.DecimalsOut, swap.AmountOut);
    }

    private static bool Counts(in ExecutionView view, in TokenTransfer transfer, int depth) =>
        transfer.Kind is MovementKind.Token or MovementKind.Lamports && (depth == 0 || view.Steps[transfer.Step].Depth == depth);

    private static bool IsExchange(in ExecutionView view, in TokenTransfer given, in TokenTransfer got)
    {
        if (got.Authority == given.Authority || !view.IsOwnedBy(got.Destination, given.Authority) || view.IsOwnedBy(got.Source, given.Authority))
        {
            return false;
        }

        var (mintIn, mintOut) = (view.MintOf(in given), view.MintOf(in got));
        return mintIn != mintOut && !mintIn.IsZero && !mintOut.IsZero
            && (given.Kind != MovementKind.Lamports || view.IsOwnedBy(got.Source, given.Destination))
            && (got.Kind != MovementKind.Lamports || view.IsOwnedBy(given.Destination, got.Source));
    }

    // An exchange reads the same from the pool's side. The trader is the side that signed the transaction; when neither or both did, the side that
    // holds less beside what it moved. Of one side's pairs, the trade is the one that moves most: the others are its fees.
    private static bool IsBetter(in ExecutionView view, in TokenTransfer given, in TokenTransfer got, in TokenTransfer bestGiven, in TokenTransfer bestGot)
    {
        if (given.Authority == bestGiven.Authority)
        {
            return given.Sent >= bestGiven.Sent && got.Received >= bestGot.Received && (given.Sent > bestGiven.Sent || got.Received > bestGot.Received);
        }

        var signed = given.Authority < view.SignerCount;
        return signed != bestGiven.Authority < view.SignerCount ? signed : Depth(in view, in got) > Depth(in view, in bestGot);
    }

    private static double Depth(in ExecutionView view, in TokenTransfer got) => (double)view.Tokens[got.Source].AmountBefore / got.Sent;

    private static bool IsCollectible(byte decimals, ulong amount) => decimals == 0 && amount == 1;

    private static void Fill(in ExecutionView view, in TokenTransfer given, in TokenTransfer got, ref SwapEntry swap)
    {
        swap.Flags = SwapFlags.FromTokenMovements;
        swap.Trader = view.Keys[given.Authority];
        (swap.MintIn, swap.DecimalsIn, swap.ReserveInBefore) = (view.MintOf(in given), view.DecimalsOf(in given), Before(in view, given.Kind, given.Destination));
        (swap.MintOut, swap.DecimalsOut, swap.ReserveOutBefore) = (view.MintOf(in got), view.DecimalsOf(in got), Before(in view, got.Kind, got.Source));
        swap.AmountOut = got.Received;
    }

    private static ulong Before(in ExecutionView view, MovementKind kind, byte account) =>
        kind == MovementKind.Lamports ? view.LamportsBefore(account) : view.Tokens[account].AmountBefore;

    // A bonding curve pays for tokens by taking lamports off its own account, which is no transfer: the account that got the tokens' owner then has fewer lamports
    // than before. What it lost is what the seller got, and the curve's fees.
    private static bool TryReadSale(in ExecutionView view, int index, ReadOnlySpan<TokenTransfer> transfers, int depth, ref SwapEntry swap)
    {
        foreach (ref readonly var given in transfers)
        {
            if (given.Kind != MovementKind.Token || given.Authority >= view.SignerCount || !Counts(in view, in given, depth) || view.IsOwnedBy(given.Destination, given.Authority))
            {
                continue;
            }

            ref readonly var curveTokens = ref view.Tokens[given.Destination];
            var curve = view.Keys.IndexOf(curveTokens.Owner);
            if (curve < view.SignerCount || curveTokens.Mint.IsZero || curveTokens.Mint == KnownMints.WrappedSol || IsCollectible(curveTokens.Decimals, given.Sent)
                || !view.Accounts(in view.Steps[index]).Contains((byte)curve))
            {
                continue;
            }

            var (before, after) = (view.LamportsBefore((byte)curve), view.LamportsAfter((byte)curve));
            if (after == 0 || after >= before)
            {
                continue;
            }

            swap.Flags = SwapFlags.FromTokenMovements;
            swap.Trader = view.Keys[given.Authority];
            (swap.MintIn, swap.DecimalsIn, swap.ReserveInBefore) = (curveTokens.Mint, curveTokens.Decimals, curveTokens.AmountBefore);
            (swap.MintOut, swap.DecimalsOut, swap.ReserveOutBefore) = (KnownMints.WrappedSol, KnownMints.WrappedSolDecimals, before);
            swap.AmountIn = VaultSwap.SentFrom(transfers, given.Source, given.Authority);
            swap.AmountOut = before - after;
            return true;
        }

        return false;
    }
}
