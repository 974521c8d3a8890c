using Mev.Sdk.Records;
using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Reads a swap from the transfers into one vault of a pool and out of the other.</summary>
internal static class VaultSwap
{
    /// <summary>Reads the swap that an instruction of a known shape made.</summary>
    /// <param name="view">The transaction.</param>
    /// <param name="index">The instruction's step.</param>
    /// <param name="shape">Where it names its accounts.</param>
    /// <param name="swap">The swap.</param>
    /// <returns>False when the transfers below it do not go in at one vault and out at the other.</returns>
    public static bool TryRead(in ExecutionView view, int index, in SwapShape shape, out SwapEntry swap)
    {
        swap = default;
        ref readonly var step = ref view.Steps[index];
        var accounts = view.Accounts(in step);
        if (accounts.Length <= Math.Max(shape.Pool, Math.Max(shape.VaultA, shape.VaultB)))
        {
            return false;
        }

        var transfers = view.TransfersBelow(index);
        var (a, b) = (accounts[shape.VaultA], accounts[shape.VaultB]);
        var into = Largest(transfers, a, b, into: true);
        if (into < 0)
        {
            return false;
        }

        var vaultIn = transfers[into].Destination;
        var vaultOut = vaultIn == a ? b : a;
        var outOf = Largest(transfers, vaultOut, vaultOut, into: false);
        if (outOf < 0 || vaultIn == vaultOut)
        {
            return false;
        }

        ref readonly var given = ref transfers[into];
        swap.Venue = shape.Venue;
        swap.Pool = view.Keys[accounts[shape.Pool]];
        swap.Trader = view.Keys[given.Authority];
        swap.AmountIn = SentFrom(transfers, given.Source, given.Authority);
        swap.AmountOut = transfers[outOf].Received;
        swap.MinimumAmountOut = shape.MinimumOut;
        ref readonly var tokensIn = ref view.Tokens[vaultIn];
        ref readonly var tokensOut = ref view.Tokens[vaultOut];
        (swap.MintIn, swap.DecimalsIn, swap.ReserveInBefore) = (tokensIn.Mint, tokensIn.Decimals, tokensIn.AmountBefore);
        (swap.MintOut, swap.DecimalsOut, swap.ReserveOutBefore) = (tokensOut.Mint, tokensOut.Decimals, tokensOut.AmountBefore);
        return true;
    }

    // Fees go to accounts of their own beside the trade, and are smaller than it.
    private static int Largest(ReadOnlySpan<TokenTransfer> transfers, byte a, byte b, bool into)
    {
        var best = -1;
        for (var i = 0; i < transfers.Length; i++)
        {
            var end = into ? transfers[i].Destination : transfers[i].Source;
            if ((end == a || end == b) && (best < 0 || transfers[i].Received > transfers[best].Received))
            {
                best = i;
            }
        }

        return best;
    }

    // What the trader gave includes fees that the program takes from the same account.
    internal static ulong SentFrom(ReadOnlySpan<TokenTransfer> transfers, byte source, byte authority)
    {
        ulong sent = 0;
        foreach (ref readonly var transfer in transfers)
        {
            if (transfer.Source == source && transfer.Authority == authority)
            {
                sent = unchecked(sent + transfer.Sent);
            }
        }

        return sent;
    }
}
