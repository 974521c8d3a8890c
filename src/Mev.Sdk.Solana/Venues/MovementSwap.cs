using Mev.Sdk.Records;
using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Reads a swap of a program that nobody described, from what moved while it ran.</summary>
/// <remarks>
/// The rule: among the transfers that the program invoked itself, one owner sends a token to somebody else and gets another token from an
/// authority that is not this owner. An exchange of a single indivisible token is no swap but a sale of a collectible.
/// </remarks>
internal static class MovementSwap
{
    /// <summary>Reads the swap that an instruction made.</summary>
    /// <param name="view">The transaction.</param>
    /// <param name="index">The instruction's step.</param>
    /// <param name="signers">Keys at the front that signed the transaction.</param>
    /// <param name="anyDepth">Whether transfers count that programs below it invoked: true for pools that keep their tokens in another program's vaults.</param>
    /// <param name="swap">The swap.</param>
    /// <returns>False when nothing was exchanged.</returns>
    public static bool TryRead(in ExecutionView view, int index, int signers, bool anyDepth, out SwapEntry swap)
    {
        swap = default;
        var transfers = view.TransfersBelow(index);
        var depth = view.Steps[index].Depth + 1;
        var (into, outOf) = (-1, -1);
        for (var i = 0; i < transfers.Length; i++)
        {
            ref readonly var given = ref transfers[i];
            if ((!anyDepth && view.Steps[given.Step].Depth != depth) || IsOwnedBy(in view, given.Destination, given.Authority))
            {
                continue;
            }

            for (var j = 0; j < transfers.Length; j++)
            {
                ref readonly var got = ref transfers[j];
                if ((anyDepth || view.Steps[got.Step].Depth == depth) && IsExchange(in view, in given, in got)
                    && (into < 0 || IsBetter(in view, signers, in given, in got, in transfers[into], in transfers[outOf])))
                {
                    (into, outOf) = (i, j);
                }
            }
        }

        if (into < 0)
        {
            return false;
        }

        Fill(in view, in transfers[into], in transfers[outOf], ref swap);
        swap.AmountIn = VaultSwap.SentFrom(transfers, transfers[into].Source, transfers[into].Authority);
        return !IsCollectible(swap.DecimalsIn, swap.AmountIn) && !IsCollectible(swap.DecimalsOut, swap.AmountOut);
    }

    private static bool IsExchange(in ExecutionView view, in TokenTransfer given, in TokenTransfer got)
    {
        ref readonly var source = ref view.Tokens[given.Source];
        ref readonly var received = ref view.Tokens[got.Source];
        return got.Authority != given.Authority && source.IsKnown && received.IsKnown && source.Mint != received.Mint
            && IsOwnedBy(in view, got.Destination, given.Authority) && !IsOwnedBy(in view, got.Source, given.Authority);
    }

    // An exchange reads the same from the pool's side. The trader is the side that signed the transaction; when neither or both did, the side that
    // holds less beside what it moved. Of one side's pairs, the trade is the one that moves most: the others are its fees.
    private static bool IsBetter(
        in ExecutionView view, int signers, in TokenTransfer given, in TokenTransfer got, in TokenTransfer bestGiven, in TokenTransfer bestGot)
    {
        if (given.Authority == bestGiven.Authority)
        {
            return given.Sent >= bestGiven.Sent && got.Received >= bestGot.Received && (given.Sent > bestGiven.Sent || got.Received > bestGot.Received);
        }

        var signed = given.Authority < signers;
        return signed != bestGiven.Authority < signers ? signed : Depth(in view, in got) > Depth(in view, in bestGot);
    }

    private static double Depth(in ExecutionView view, in TokenTransfer got) => (double)view.Tokens[got.Source].AmountBefore / got.Sent;

    private static bool IsOwnedBy(in ExecutionView view, byte account, byte authority)
    {
        ref readonly var token = ref view.Tokens[account];
        return token.IsKnown && token.Owner == view.Keys[authority];
    }

    private static bool IsCollectible(byte decimals, ulong amount) => decimals == 0 && amount == 1;

    private static void Fill(in ExecutionView view, in TokenTransfer given, in TokenTransfer got, ref SwapEntry swap)
    {
        ref readonly var tokensIn = ref view.Tokens[given.Destination];
        ref readonly var tokensOut = ref view.Tokens[got.Source];
        swap.Flags = SwapFlags.FromTokenMovements;
        swap.Trader = view.Keys[given.Authority];
        (swap.MintIn, swap.DecimalsIn, swap.ReserveInBefore) = (tokensIn.Mint, tokensIn.Decimals, tokensIn.AmountBefore);
        (swap.MintOut, swap.DecimalsOut, swap.ReserveOutBefore) = (tokensOut.Mint, tokensOut.Decimals, tokensOut.AmountBefore);
        swap.AmountOut = got.Received;
    }
}
