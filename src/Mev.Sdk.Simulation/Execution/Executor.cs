using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Execution;

/// <summary>The only one who moves balances and reserves: executes an order whole, or takes its fee and changes nothing else.</summary>
internal sealed class Executor(MarketState state)
{
    /// <summary>Base fee a signature, lamports.</summary>
    public const ulong LamportsPerSignature = 5_000;

    private const ulong SplitBelow = 1UL << 32;
    private const ulong MicroLamports = 1_000_000;
    private const uint DefaultComputeUnits = 200_000;

    /// <summary>The priority fee: price times limit, rounded up to the lamport.</summary>
    public static ulong PriorityFee(in Order order)
    {
        var limit = order.ComputeUnitLimit == 0 ? DefaultComputeUnits : order.ComputeUnitLimit;
        return (ulong)((Math.BigMul(order.ComputeUnitPrice, limit) + (MicroLamports - 1)) / MicroLamports);
    }

    /// <summary>Lamports that leave the wallet at most.</summary>
    public static ulong LamportsNeeded(in Order order) =>
        LamportsPerSignature + PriorityFee(in order) + order.TipLamports + (order.Kind == OrderKind.SolTransfer ? order.Amount : 0);

    public void Execute(in Order order, int tipWallet, Outcome outcome)
    {
        outcome.Reset();
        var priorityFee = PriorityFee(in order);
        outcome.FeeLamports = LamportsPerSignature + priorityFee;
        state.Ledger.PayFee(order.Wallet, LamportsPerSignature, priorityFee);
        switch (order.Kind)
        {
            case OrderKind.Swap:
                Swap(in order, outcome);
                break;
            case OrderKind.Arbitrage:
                Arbitrage(in order, outcome);
                break;
            case OrderKind.SolTransfer when state.Ledger.Lamports(order.Wallet) >= order.Amount:
                state.Ledger.MoveLamports(order.Wallet, order.Counterparty, order.Amount);
                break;
            case OrderKind.TokenTransfer when state.Ledger.Tokens(order.Wallet, order.MintIndex) >= order.Amount:
                state.Ledger.MoveTokens(order.Wallet, order.Counterparty, order.MintIndex, order.Amount);
                break;
            case OrderKind.SolTransfer or OrderKind.TokenTransfer:
                outcome.Fail(0, FailureKind.InsufficientFunds);
                break;
            case OrderKind.WithdrawLiquidity:
                Withdraw(in order, outcome);
                break;
            case OrderKind.Vote:
            default:
                break;
        }

        if (order.TipLamports > 0 && outcome.Succeeded)
        {
            state.Ledger.MoveLamports(order.Wallet, tipWallet, order.TipLamports);
        }
    }

    private void Swap(in Order order, Outcome outcome)
    {
        if (order.First.Evaluate() is not { } amounts)
        {
            outcome.Fail(0, FailureKind.Slippage);
        }
        else if (!CanPay(order.Wallet, order.First, amounts.In))
        {
            outcome.Fail(0, FailureKind.InsufficientFunds);
        }
        else
        {
            Apply(order.Wallet, order.First, amounts, outcome);
        }
    }

    private void Arbitrage(in Order order, Outcome outcome)
    {
        // The two pools differ, so each can be judged before either moves, and a failure leaves both alone.
        if (order.First.Evaluate() is not { } first)
        {
            outcome.Fail(0, FailureKind.Slippage);
        }
        else if (!CanPay(order.Wallet, order.First, first.In))
        {
            outcome.Fail(0, FailureKind.InsufficientFunds);
        }
        else if (order.Second.Evaluate() is not { } second)
        {
            outcome.Fail(1, FailureKind.Slippage);
        }
        else
        {
            Apply(order.Wallet, order.First, first, outcome);
            Apply(order.Wallet, order.Second, second, outcome);
        }
    }

    // The second swap of an arbitrage sells no more than the first one promised, so its funds are there.
    private bool CanPay(int wallet, in SwapTerms terms, ulong amountIn) =>
        state.Ledger.Tokens(wallet, terms.Buy ? 0 : terms.Pool.Token.MintIndex) >= amountIn;

    private void Apply(int wallet, in SwapTerms terms, (ulong In, ulong Out) amounts, Outcome outcome)
    {
        var pool = terms.Pool;
        var leg = new Leg(pool, terms.Buy, amounts.In, amounts.Out, pool.ReserveIn(terms.Buy), pool.ReserveOut(terms.Buy));
        state.Ledger.Debit(wallet, terms.Buy ? 0 : pool.Token.MintIndex, amounts.In);
        state.Ledger.Credit(wallet, terms.Buy ? pool.Token.MintIndex : 0, amounts.Out);
        pool.Apply(terms.Buy, amounts.In, amounts.Out);
        outcome.Add(in leg);
    }

    private void Withdraw(in Order order, Outcome outcome)
    {
        var pool = order.First.Pool;
        var sol = (ulong)(Math.BigMul(pool.ReserveSol, order.Amount) / pool.Shares);
        var token = (ulong)(Math.BigMul(pool.ReserveToken, order.Amount) / pool.Shares);
        pool.ReserveSol -= sol;
        pool.ReserveToken -= token;
        pool.Shares -= order.Amount;
        if (pool.Shares < SplitBelow)
        {
            // A split: one owner holds them all, so nothing changes hands, and a twentieth of them stays a whole number for years.
            pool.Shares <<= 20;
        }

        state.Ledger.Credit(order.Wallet, 0, sol);
        state.Ledger.Credit(order.Wallet, pool.Token.MintIndex, token);
        outcome.Withdrawn = (sol, token);
    }
}
