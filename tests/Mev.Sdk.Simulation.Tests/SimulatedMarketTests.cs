using System.Buffers;
using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Simulation.Tests;

public sealed class SimulatedMarketTests
{
    private static readonly MarketOptions Small = new() { TransactionsPerSlot = 60, TraderCount = 100 };

    [Fact]
    public void Nothing_is_created_and_nothing_is_lost()
    {
        using var market = new SimulatedMarket(Small);
        var state = market.State;
        var lamports = state.Ledger.TotalLamports();
        var tokens = Enumerable.Range(0, state.Ledger.Mints).Select(mint => Total(state, mint)).ToArray();
        for (var slot = 0; slot < 100; slot++)
        {
            Frames.Play(market, 1);
            Assert.Equal(lamports, state.Ledger.TotalLamports());
            Assert.Equal(tokens, Enumerable.Range(0, state.Ledger.Mints).Select(mint => Total(state, mint)));
        }

        static UInt128 Total(State.MarketState state, int mint) => state.Pools.Aggregate(
            state.Ledger.TotalTokens(mint),
            (sum, pool) => sum + (mint == 0 ? pool.ReserveSol : pool.Token.MintIndex == mint ? pool.ReserveToken : 0));
    }

    [Fact]
    public void A_swap_never_lowers_a_pools_product()
    {
        using var market = new SimulatedMarket(Small);
        var products = market.State.Pools.Select(pool => pool.Product).ToArray();
        var swaps = 0;
        market.Executed = (order, outcome, _) =>
        {
            foreach (var leg in outcome.Legs)
            {
                Assert.True(leg.Pool.Product >= products[leg.Pool.Index]);
                swaps++;
            }

            foreach (var pool in market.State.Pools)
            {
                Assert.True(pool.Product == products[pool.Index] || order.Kind != OrderKind.Vote);
                products[pool.Index] = pool.Product;
            }
        };
        Frames.Play(market, 100);
        Assert.True(swaps > 2_000);
    }

    [Fact]
    public void Fees_in_the_stream_add_up_to_what_was_burnt_and_paid_to_leaders()
    {
        using var market = new SimulatedMarket(Small);
        UInt128 fees = 0;
        UInt128 before = Validators(market.State);
        UInt128 votes = 0;
        Frames.Walk(Frames.Play(market, 50), record =>
        {
            if (TransactionView.TryRead(record, out var view))
            {
                var expected = 5_000 + ((view.Record.ComputeUnitPriceMicroLamports * (view.Record.ComputeUnitLimit == 0 ? 200_000UL : view.Record.ComputeUnitLimit)) + 999_999) / 1_000_000;
                Assert.Equal(expected, view.Record.FeeLamports);
                fees += view.Record.FeeLamports;
                votes += view.Record.Flags.HasFlag(TransactionFlags.Vote) ? view.Record.FeeLamports : 0;
            }
        });
        Assert.Equal(fees, market.State.Ledger.Burnt + Validators(market.State) + votes - before);

        static UInt128 Validators(State.MarketState state) => Enumerable
            .Range(state.Wallets.FirstValidator, State.WalletMap.ValidatorCount)
            .Aggregate(UInt128.Zero, (sum, wallet) => sum + state.Ledger.Lamports(wallet));
    }

    [Fact]
    public void A_seed_replays_to_the_byte_and_another_one_does_not()
    {
        using var first = new SimulatedMarket(new MarketOptions { Seed = 5 });
        using var second = new SimulatedMarket(new MarketOptions { Seed = 5 });
        using var other = new SimulatedMarket(new MarketOptions { Seed = 6 });
        var frames = Frames.Play(first, 20);
        Assert.True(frames.AsSpan().SequenceEqual(Frames.Play(second, 20)));
        Assert.False(frames.AsSpan().SequenceEqual(Frames.Play(other, 20)));
    }

    [Fact]
    public void Late_changes_to_the_options_change_nothing()
    {
        var options = new MarketOptions { Seed = 5 };
        using var first = new SimulatedMarket(options);
        options.Seed = 6;
        options.TransactionsPerSlot = 4;
        using var second = new SimulatedMarket(new MarketOptions { Seed = 5 });
        Assert.True(Frames.Play(first, 3).AsSpan().SequenceEqual(Frames.Play(second, 3)));
    }

    [Fact]
    public void A_slot_is_one_block_then_what_it_announces()
    {
        using var market = new SimulatedMarket(Small);
        Pubkey previous = default;
        for (var slot = 0; slot < 10; slot++)
        {
            var number = market.NextSlot;
            var announced = 0U;
            var seen = 0U;
            var time = 0UL;
            Frames.Walk(Frames.Play(market, 1), record =>
            {
                Assert.True(record.Header.EngineTimeNanoseconds >= time);
                time = record.Header.EngineTimeNanoseconds;
                if (BlockView.TryRead(record, out var block))
                {
                    Assert.Equal(0U, announced);
                    announced = block.Record.TransactionCount;
                    Assert.Equal(number, block.Record.Slot);
                    Assert.True(previous.IsZero || previous == block.Record.PreviousBlockhash);
                    previous = block.Record.Blockhash;
                }
                else if (TransactionView.TryRead(record, out var view))
                {
                    Assert.Equal((number, seen++), (view.Record.Slot, view.Record.IndexInBlock));
                    Assert.True(view.Record.Flags.HasFlag(TransactionFlags.Simulated | TransactionFlags.HasMeta));
                }
            });
            Assert.Equal(announced, seen);
        }

    }

    [Fact]
    public void Signatures_are_unique_and_every_transaction_fits_a_packet()
    {
        using var market = new SimulatedMarket(Small);
        HashSet<Signature> signatures = [];
        var formats = new int[3];
        Frames.Walk(Frames.Play(market, 50), record =>
        {
            if (TransactionView.TryRead(record, out var view))
            {
                Assert.True(signatures.Add(view.Record.Signature));
                Assert.True(WireTransaction.TryParse(view.Wire, out _, out _));
                Assert.InRange(view.Wire.Length, 1, 1_232);
                formats[view.Record.MessageFormat]++;
            }
        });
        Assert.True(formats[0] > 0 && formats[1] > 0);
    }

    [Fact]
    public void A_transactions_balances_change_by_its_fee_alone()
    {
        using var market = new SimulatedMarket(Small);
        Frames.Walk(Frames.Play(market, 20), record =>
        {
            if (TransactionView.TryRead(record, out var view))
            {
                Assert.True(StatusMeta.TryParse(view.Meta, out var meta, out _));
                Assert.Equal(Sum(meta.PreBalances), Sum(meta.PostBalances) + view.Record.FeeLamports);
            }
        });

        static UInt128 Sum(Lamports balances)
        {
            UInt128 sum = 0;
            foreach (var balance in balances)
            {
                sum += balance;
            }

            return sum;
        }
    }

    [Fact]
    public void Writing_a_slot_allocates_little_once_buffers_have_grown()
    {
        using var market = new SimulatedMarket(Small);
        var frames = new ArrayBufferWriter<byte>(1 << 22);
        for (var slot = 0; slot < 50; slot++)
        {
            market.WriteSlot(frames);
            frames.ResetWrittenCount();
        }

        var transactions = market.TransactionCount;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var slot = 0; slot < 50; slot++)
        {
            market.WriteSlot(frames);
            frames.ResetWrittenCount();
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (long)(market.TransactionCount - transactions);
        Assert.InRange(each, 0, 300);
    }
}
