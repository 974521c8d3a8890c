using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.Simulation.Tests;

public sealed class SwapAgreementTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_decoder_finds_the_very_swaps_that_were_executed(ulong seed)
    {
        using var market = new SimulatedMarket(new MarketOptions { Seed = seed });
        Dictionary<Signature, (Order Order, Leg[] Legs, bool Succeeded, ulong Fee)> executed = [];
        market.Executed = (order, outcome, signature) => executed.Add(signature, (order, outcome.Legs.ToArray(), outcome.Succeeded, outcome.FeeLamports));
        var frames = Frames.Play(market, 60);
        var venues = new HashSet<(VenueId, bool)>();
        var failures = 0;
        Frames.Walk(frames, record =>
        {
            if (!TransactionView.TryRead(record, out var view))
            {
                return;
            }

            Assert.True(executed.Remove(view.Record.Signature, out var truth));
            Assert.Equal(truth.Legs.Length, view.Swaps.Length);
            Assert.Equal(truth.Fee, view.Record.FeeLamports);
            Assert.Equal(truth.Order.ComputeUnitPrice, view.Record.ComputeUnitPriceMicroLamports);
            Assert.Equal(truth.Order.ComputeUnitLimit, view.Record.ComputeUnitLimit);
            Assert.Equal(truth.Succeeded, !view.Record.Flags.HasFlag(TransactionFlags.Failed));
            Assert.Equal(truth.Order.Kind == OrderKind.Vote, view.Record.Flags.HasFlag(TransactionFlags.Vote));
            Assert.Equal(truth.Succeeded ? truth.Order.TipLamports : 0, view.Record.TipLamports);
            failures += truth.Succeeded ? 0 : 1;
            for (var i = 0; i < truth.Legs.Length; i++)
            {
                Agree(truth.Legs[i], i == 0 ? truth.Order.First : truth.Order.Second, market.State.Addresses.Wallet(truth.Order.Wallet), in view.Swaps[i]);
                venues.Add((truth.Legs[i].Pool.Venue, truth.Legs[i].Buy));
            }
        });
        Assert.Empty(executed);
        Assert.Equal(6, venues.Count);
        Assert.True(failures > 50);
    }

    private static void Agree(in Leg leg, in SwapTerms terms, in Pubkey trader, in SwapEntry swap)
    {
        Assert.Equal(leg.Pool.Venue, swap.Venue);
        Assert.Equal(leg.Pool.Address, swap.Pool);
        Assert.Equal(trader, swap.Trader);
        Assert.Equal(SwapFlags.None, swap.Flags);
        Assert.Equal(leg.Buy ? KnownMints.WrappedSol : leg.Pool.Token.Mint, swap.MintIn);
        Assert.Equal(leg.Buy ? leg.Pool.Token.Mint : KnownMints.WrappedSol, swap.MintOut);
        Assert.Equal((leg.AmountIn, leg.AmountOut), (swap.AmountIn, swap.AmountOut));
        Assert.Equal((leg.ReserveInBefore, leg.ReserveOutBefore), (swap.ReserveInBefore, swap.ReserveOutBefore));
        Assert.Equal(terms.AmountOut, swap.MinimumAmountOut);
    }
}
