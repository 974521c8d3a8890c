using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Simulation.Encoding;

/// <summary>What a node reports of a transaction: fee, balances, inner transfers, log, error.</summary>
internal sealed class MetaScript(MarketState state, TransactionDraft draft, StatusMetaBuilder meta, Xoshiro256 random)
{
    private const uint BuiltinUnits = 150;
    private const uint TransferUnits = 4_645;
    private const uint CheckedTransferUnits = 6_200;
    private const uint VoteUnits = 2_100;
    private const uint InsufficientFunds = 1;

    private static readonly string ComputeBudgetName = KnownPrograms.ComputeBudget.ToString();
    private static readonly string SystemName = KnownPrograms.System.ToString();
    private static readonly string TokenName = KnownPrograms.Token.ToString();
    private static readonly string VoteName = KnownPrograms.Vote.ToString();
    private static readonly string RaydiumName = KnownPrograms.RaydiumV4.ToString();
    private static readonly string OrcaName = KnownPrograms.OrcaWhirlpool.ToString();
    private static readonly string PumpSwapName = KnownPrograms.PumpSwap.ToString();

    private readonly LogScript _log = new(meta);

    /// <summary>Index of the first outer instruction that is not a compute budget's.</summary>
    public int FirstAction { get; set; }

    /// <summary>Adds the token transfers that were made below the outer instructions.</summary>
    public void AddInnerTransfers(in Order order, Outcome outcome)
    {
        for (var i = 0; i < outcome.Legs.Length; i++)
        {
            var leg = outcome.Legs[i];
            VenueInstructions.Transfer(draft, state, FirstAction + i, order.Wallet, leg.Pool, leg.Buy, intoPool: true, leg.AmountIn);
            VenueInstructions.Transfer(draft, state, FirstAction + i, order.Wallet, leg.Pool, !leg.Buy, intoPool: false, leg.AmountOut);
        }

        if (order.Kind == OrderKind.WithdrawLiquidity)
        {
            VenueInstructions.Transfer(draft, state, FirstAction, order.Wallet, order.First.Pool, sol: false, intoPool: false, outcome.Withdrawn.Token);
            VenueInstructions.Transfer(draft, state, FirstAction, order.Wallet, order.First.Pool, sol: true, intoPool: false, outcome.Withdrawn.Sol);
        }
    }

    /// <summary>Fills the builder; the draft has been built, so that indices are final.</summary>
    public void Write(in Order order, Outcome outcome)
    {
        meta.Clear().SetFee(outcome.FeeLamports);
        AddBalances();
        foreach (ref readonly var inner in draft.Inner)
        {
            meta.AddInnerInstruction(inner.Outer, draft.ProgramOf(in inner), draft.AccountsOf(in inner), draft.DataOf(in inner));
        }

        if (!outcome.Succeeded)
        {
            var code = ErrorCode(in order, outcome);
            meta.SetError(TransactionError.Instruction((byte)(FirstAction + outcome.FailedSwap), InstructionErrorCode.Custom, code));
        }

        AddLog(in order, outcome);
        meta.SetComputeUnitsConsumed(_log.Consumed);
    }

    private static uint ErrorCode(in Order order, Outcome outcome) => outcome.Failure == FailureKind.InsufficientFunds
        ? InsufficientFunds
        : VenueInstructions.SlippageError((outcome.FailedSwap == 0 ? order.First : order.Second).Pool.Venue);

    private void AddBalances()
    {
        for (var index = 0; index < draft.AccountCount; index++)
        {
            ref readonly var account = ref draft.At(index);
            meta.AddBalance(account.LamportsBefore, draft.LamportsOf(in account));
            if (index >= draft.StaticCount)
            {
                _ = account.Writable ? meta.AddLoadedWritable(in account.Key) : meta.AddLoadedReadonly(in account.Key);
            }

            if (account.Kind is AccountKind.TokenAccount or AccountKind.Vault)
            {
                var mint = state.Mint(account.Mint);
                var owner = account.Kind == AccountKind.TokenAccount ? state.Addresses.Wallet(account.Owner) : VaultOwner(state.Pools[account.Owner]);
                var decimals = state.Decimals(account.Mint);
                meta.AddPreTokenBalance(new TokenBalance((byte)index, mint, owner, KnownPrograms.Token, account.TokensBefore, decimals));
                meta.AddPostTokenBalance(new TokenBalance((byte)index, mint, owner, KnownPrograms.Token, draft.TokensOf(in account), decimals));
            }
        }
    }

    private static Pubkey VaultOwner(Pool pool) => pool.Venue == VenueId.RaydiumV4 ? WellKnownAddresses.RaydiumV4Authority : pool.Address;

    private void AddLog(in Order order, Outcome outcome)
    {
        _log.Begin(order.ComputeUnitLimit == 0 ? 200_000 : order.ComputeUnitLimit);
        for (var i = 0; i < FirstAction; i++)
        {
            _log.Builtin(ComputeBudgetName, BuiltinUnits);
        }

        switch (order.Kind)
        {
            case OrderKind.Swap:
                Swap(order.First, 0, outcome);
                break;
            case OrderKind.Arbitrage:
                if (Swap(order.First, 0, outcome))
                {
                    Swap(order.Second, 1, outcome);
                }

                break;
            case OrderKind.WithdrawLiquidity:
                Venue(order.First.Pool.Venue, "Instruction: Withdraw", failure: null);
                break;
            case OrderKind.TokenTransfer:
                TokenTransfer(outcome);
                break;
            case OrderKind.SolTransfer:
                SolTransfer(outcome);
                break;
            case OrderKind.Vote:
            default:
                _log.Builtin(VoteName, VoteUnits);
                break;
        }

        if (order.TipLamports > 0 && outcome.Succeeded)
        {
            _log.Builtin(SystemName, BuiltinUnits);
        }
    }

    private bool Swap(in SwapTerms terms, int swap, Outcome outcome)
    {
        var failed = outcome.FailedSwap == swap;
        var name = terms.IsExactOut ? "Instruction: Buy" : terms.Pool.Venue == VenueId.PumpSwap ? "Instruction: Sell" : "Instruction: Swap";
        uint? code = !failed ? null : outcome.Failure == FailureKind.Slippage ? VenueInstructions.SlippageError(terms.Pool.Venue) : InsufficientFunds;
        Venue(terms.Pool.Venue, name, code);
        return !failed;
    }

    private void Venue(VenueId venue, string text, uint? failure)
    {
        var (program, units) = venue switch
        {
            VenueId.RaydiumV4 => (RaydiumName, 22_000u),
            VenueId.OrcaWhirlpool => (OrcaName, 38_000u),
            _ => (PumpSwapName, 47_000u),
        };
        units += (uint)random.Below(9_000);
        var before = _log.Consumed;
        _log.Invoke(program, 1);
        if (venue != VenueId.RaydiumV4)
        {
            _log.Log(text);
        }

        if (failure is { } code)
        {
            _log.Fail(program, before, units * 2 / 3, code);
            return;
        }

        InnerTransfer(venue == VenueId.PumpSwap);
        InnerTransfer(venue == VenueId.PumpSwap);
        _log.Success(program, before, units);
    }

    private void InnerTransfer(bool isChecked)
    {
        var before = _log.Consumed;
        _log.Invoke(TokenName, 2);
        _log.Log(isChecked ? "Instruction: TransferChecked" : "Instruction: Transfer");
        _log.Success(TokenName, before, isChecked ? CheckedTransferUnits : TransferUnits);
    }

    private void TokenTransfer(Outcome outcome)
    {
        var before = _log.Consumed;
        _log.Invoke(TokenName, 1);
        _log.Log("Instruction: TransferChecked");
        if (outcome.Succeeded)
        {
            _log.Success(TokenName, before, CheckedTransferUnits);
            return;
        }

        _log.Log("Error: insufficient funds");
        _log.Fail(TokenName, before, CheckedTransferUnits, InsufficientFunds);
    }

    private void SolTransfer(Outcome outcome)
    {
        if (outcome.Succeeded)
        {
            _log.Builtin(SystemName, BuiltinUnits);
            return;
        }

        _log.BuiltinFailure(SystemName, BuiltinUnits, InsufficientFunds);
    }
}
