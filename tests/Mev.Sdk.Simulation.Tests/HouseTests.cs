using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Execution;

namespace Mev.Sdk.Simulation.Tests;

/// <summary>What keeps a market alive over days: fees taken out of pools, wallets filled up again.</summary>
public sealed class HouseTests
{
    [Fact]
    public void Fees_are_taken_out_of_grown_pools_in_proportion_and_are_no_swaps()
    {
        using var market = new SimulatedMarket(new MarketOptions { TransactionsPerSlot = 20 });
        var state = market.State;
        foreach (var pool in state.Pools)
        {
            pool.OpeningProduct = pool.Product / 2; // as if each had doubled
        }

        state.Pools[0].Shares = 1UL << 32;
        var total = Total();
        Dictionary<Signature, int> withdrawals = [];
        market.Executed = (order, outcome, signature) =>
        {
            if (order.Kind == OrderKind.WithdrawLiquidity)
            {
                var pool = order.First.Pool;
                withdrawals.Add(signature, pool.Index);

                // A twentieth of each side left, so that the price stands where it stood.
                AssertTwentieth(outcome.Withdrawn.Sol, pool.ReserveSol);
                AssertTwentieth(outcome.Withdrawn.Token, pool.ReserveToken);
            }
        };
        var seen = 0;
        Frames.Walk(Frames.Play(market, state.Pools.Length), record =>
        {
            if (TransactionView.TryRead(record, out var view) && withdrawals.ContainsKey(view.Record.Signature))
            {
                Assert.Empty(view.Swaps.ToArray());
                Assert.False(view.Record.Flags.HasFlag(TransactionFlags.Failed));
                seen++;
            }
        });
        Assert.Equal(state.Pools.Length, seen);
        Assert.Equal(state.Pools.Length, withdrawals.Values.Distinct().Count());
        Assert.Equal(total, Total());
        Assert.True(state.Pools[0].Shares > 1UL << 50, "shares that become few are split");

        // To the rounding of the shares, of which there are 2^32 at least.
        static void AssertTwentieth(ulong taken, ulong left) => Assert.InRange(taken, (left / 19) - (left >> 27), (left / 19) + (left >> 27));
        UInt128 Total() => state.Pools.Aggregate(state.Ledger.TotalTokens(0), (sum, pool) => sum + pool.ReserveSol);
    }

    [Fact]
    public void A_wallet_without_lamports_is_filled_before_it_sends()
    {
        using var market = new SimulatedMarket(new MarketOptions { VoteShare = 0 });
        var ledger = market.State.Ledger;
        for (var wallet = 0; wallet < market.State.Wallets.FirstValidator; wallet++)
        {
            if (wallet != market.State.Wallets.House)
            {
                ledger.MoveLamports(wallet, market.State.Wallets.House, ledger.Lamports(wallet));
            }
        }

        var refills = 0;
        market.Executed = (order, outcome, _) =>
        {
            refills += order.Kind == OrderKind.SolTransfer && order.Wallet == market.State.Wallets.House ? 1 : 0;
            Assert.NotEqual(FailureKind.InsufficientFunds, order.Kind == OrderKind.SolTransfer ? outcome.Failure : FailureKind.None);
        };
        Frames.Play(market, 5);
        Assert.InRange(refills, 50, 1_000);
    }

    [Fact]
    public void Wallets_that_spend_twice_in_a_slot_fail_as_the_chain_would_say()
    {
        using var market = new SimulatedMarket(new MarketOptions { TraderCount = 8, TransactionsPerSlot = 800, LargeSwapShare = 1 });
        Dictionary<Signature, Order> poor = [];
        market.Executed = (order, outcome, signature) =>
        {
            if (outcome.Failure == FailureKind.InsufficientFunds)
            {
                poor.Add(signature, order);
            }
        };
        var seen = 0;
        Frames.Walk(Frames.Play(market, 15), record =>
        {
            if (TransactionView.TryRead(record, out var view) && poor.ContainsKey(view.Record.Signature))
            {
                Assert.Equal((TransactionErrorCode.InstructionError, InstructionErrorCode.Custom, 1U), (view.Record.ErrorCode, view.Record.ErrorInstructionCode, view.Record.ErrorCustomCode));
                seen++;
            }
        });
        Assert.Equal(poor.Count, seen);
        Assert.True(seen > 0);
    }
}
