using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Reads a trade on Pump.fun's bonding curve: native SOL against one token.</summary>
/// <remarks>
/// Read from the trade event that the program logs by calling itself, because a sale pays its SOL without a transfer. Source: the program's
/// published IDL (<c>pump</c>), <c>TradeEvent</c>: mint, SOL u64, tokens u64, is buy, user, timestamp i64, virtual SOL u64, virtual tokens u64; newer events go on
/// with real SOL u64, real tokens u64, fee recipient, fee basis points u64, fee u64, creator, creator basis points u64, creator fee u64. The event
/// grows from version to version, so its length is only ever checked from below.
/// </remarks>
internal static class PumpFunEvent
{
    private const ulong TradeEvent = 0xbddb7fd34ee661ee;
    private const int CurveTokens = 4;

    // Offsets behind the event's two discriminators.
    private const int Mint = 0;
    private const int Sol = 32;
    private const int Tokens = 40;
    private const int IsBuy = 48;
    private const int User = 49;
    private const int FirstLength = User + Pubkey.Size;
    private const int Fee = User + Pubkey.Size + (5 * sizeof(ulong)) + Pubkey.Size + sizeof(ulong);
    private const int CreatorFee = Fee + sizeof(ulong) + Pubkey.Size + sizeof(ulong);

    /// <summary>Reads the trade that an instruction made.</summary>
    /// <param name="view">The transaction.</param>
    /// <param name="index">The instruction's step.</param>
    /// <param name="namesCurve">Whether the instruction is one that names the curve's token account fifth, and the curve before it.</param>
    /// <param name="swap">The swap; venue, pool and minimum are left to the caller.</param>
    /// <returns>False when it logged no trade.</returns>
    public static bool TryRead(in ExecutionView view, int index, bool namesCurve, ref SwapEntry swap)
    {
        if (!TryFindEvent(in view, index, out var trade))
        {
            return false;
        }

        var buy = trade[IsBuy] != 0;
        var mint = new Pubkey(trade.Slice(Mint, Pubkey.Size));
        var sol = Anchor.U64(trade, Sol);
        var tokens = Anchor.U64(trade, Tokens);
        var accounts = view.Accounts(in view.Steps[index]);
        swap.Trader = new Pubkey(trade.Slice(User, Pubkey.Size));
        (swap.MintIn, swap.MintOut) = buy ? (KnownMints.WrappedSol, mint) : (mint, KnownMints.WrappedSol);
        (swap.AmountIn, swap.AmountOut) = buy ? (Math.Max(sol, Spent(in view, index, swap.Trader)), tokens) : (tokens, sol - Fees(trade, sol));
        (swap.DecimalsIn, swap.DecimalsOut) = (KnownMints.WrappedSolDecimals, KnownMints.WrappedSolDecimals);
        if (namesCurve && accounts.Length > CurveTokens)
        {
            var lamports = view.LamportsBefore(accounts[CurveTokens - 1]);
            ref readonly var vault = ref view.Tokens[accounts[CurveTokens]];
            (swap.ReserveInBefore, swap.ReserveOutBefore) = buy ? (lamports, vault.AmountBefore) : (vault.AmountBefore, lamports);
            (buy ? ref swap.DecimalsOut : ref swap.DecimalsIn) = vault.Decimals;
        }

        return true;
    }

    private static bool TryFindEvent(in ExecutionView view, int index, out ReadOnlySpan<byte> trade)
    {
        for (var i = index + 1; i < view.Steps[index].End; i++)
        {
            ref readonly var child = ref view.Steps[i];
            var data = view.Data(in child);
            if (child.Program == view.Steps[index].Program && Anchor.DiscriminatorOf(data) == Anchor.EventCall
                && Anchor.DiscriminatorOf(data[Anchor.DiscriminatorBytes..]) == TradeEvent
                && data.Length >= (2 * Anchor.DiscriminatorBytes) + FirstLength)
            {
                trade = data[(2 * Anchor.DiscriminatorBytes)..];
                return true;
            }
        }

        trade = default;
        return false;
    }

    // What the buyer paid with fees: lamports that the program moved from the buyer below the instruction.
    private static ulong Spent(in ExecutionView view, int index, in Pubkey user)
    {
        ulong spent = 0;
        foreach (ref readonly var transfer in view.TransfersBelow(index))
        {
            if (transfer.Kind == MovementKind.Lamports && view.Keys[transfer.Source] == user)
            {
                spent = Saturating.Add(spent, transfer.Sent);
            }
        }

        return spent;
    }

    // Events before the fee fields leave them out; the amount is then what left the curve.
    private static ulong Fees(ReadOnlySpan<byte> trade, ulong sol)
    {
        var fees = Saturating.Add(Anchor.U64(trade, Fee), Anchor.U64(trade, CreatorFee));
        return fees < sol ? fees : 0;
    }
}
