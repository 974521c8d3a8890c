using Mev.Sdk.Records;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Reads a swap from the transfers into one vault of a pool and out of the other.</summary>
internal static class VaultSwap
{
    /// <summary>Reads the swap that an instruction of a known shape made.</summary>
    /// <param name="view">The transaction.</param>
    /// <param name="index">The instruction's step.</param>
    /// <param name="shape">Where it names its accounts.</param>
    /// <param name="swap">The swap; venue, pool and minimum are left to the caller.</param>
    /// <returns>False when the transfers below it do not go in at one vault and out at the other.</returns>
    public static bool TryRead(in ExecutionView view, int index, in InstructionShape shape, ref SwapEntry swap)
    {
        var accounts = view.Accounts(in view.Steps[index]);
        if (shape.VaultA < 0 || accounts.Length <= Math.Max(shape.VaultA, shape.VaultB))
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

        ref readonly var tokensIn = ref view.Tokens[vaultIn];
        ref readonly var tokensOut = ref view.Tokens[vaultOut];
        if (tokensIn.Mint == tokensOut.Mint)
        {
            return false; // the meta contradicts itself, or says nothing about the vaults
        }

        ref readonly var given = ref transfers[into];
        swap.Trader = view.Keys[given.Authority];
        swap.AmountIn = SentFrom(transfers, given.Source, given.Authority);
        swap.AmountOut = transfers[outOf].Received;
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
            if (transfers[i].Kind == MovementKind.Token && (end == a || end == b) && (best < 0 || transfers[i].Received > transfers[best].Received))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>What the trader gave, with fees that the program takes from the same account; at most 2^64-1.</summary>
    public static ulong SentFrom(ReadOnlySpan<TokenTransfer> transfers, byte source, byte authority)
    {
        ulong sent = 0;
        foreach (ref readonly var transfer in transfers)
        {
            if (transfer.Source == source && transfer.Authority == authority && transfer.Kind is MovementKind.Token or MovementKind.Lamports)
            {
                sent = Saturating.Add(sent, transfer.Sent);
            }
        }

        return sent;
    }
}
