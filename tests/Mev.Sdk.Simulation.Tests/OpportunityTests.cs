using System.Numerics;
using System.Text.Json;
using Mev.Sdk.Records;

namespace Mev.Sdk.Simulation.Tests;

public sealed class OpportunityTests
{
    private static readonly MarketOptions Options = new() { Seed = 11 };

    [Fact]
    public void Every_opportunity_pays_what_it_says_on_the_pools_at_that_moment()
    {
        using var market = new SimulatedMarket(Options);
        Dictionary<Signature, (string Pool, BigInteger Sol, BigInteger Token)> after = [];
        var seen = 0;
        Frames.Walk(Frames.Play(market, 80), record =>
        {
            if (TransactionView.TryRead(record, out var view) && view.Swaps.Length == 1)
            {
                // What the stream itself says of the pool behind the swap: reserves before, plus what went in, minus what came out.
                ref readonly var swap = ref view.Swaps[0];
                var buy = swap.DecimalsIn == 9 && swap.MintIn == Solana.Addresses.KnownMints.WrappedSol;
                var (into, outOf) = ((BigInteger)swap.ReserveInBefore + swap.AmountIn, (BigInteger)swap.ReserveOutBefore - swap.AmountOut);
                after[view.Record.Signature] = (swap.Pool.ToString(), buy ? into : outOf, buy ? outOf : into);
            }
            else if (OpportunityView.TryRead(record, out var opportunity))
            {
                seen++;
                using var metadata = JsonDocument.Parse(opportunity.Metadata.ToArray());
                var buy = Pool(metadata.RootElement.GetProperty("buy"));
                var sell = Pool(metadata.RootElement.GetProperty("sell"));
                var trigger = after[opportunity.Record.TriggerSignature];
                Assert.Contains((trigger.Pool, trigger.Sol, trigger.Token), new[] { (buy.Address, buy.Sol, buy.Token), (sell.Address, sell.Sol, sell.Token) });
                var amount = (BigInteger)opportunity.Record.CapitalLamports;
                var tokens = Output(amount, buy.Sol, buy.Token, buy.Fee);
                var lamports = Output(tokens, sell.Token, sell.Sol, sell.Fee);
                Assert.Equal(lamports - amount, opportunity.Record.ExpectedProfitLamports);
                Assert.True(opportunity.Record.ExpectedProfitLamports >= (long)(opportunity.Record.ExpectedCostLamports + Options.MinimumProfitLamports));
                Assert.True(opportunity.Record.Flags.HasFlag(OpportunityFlags.Simulated));

                // No amount nearby earns more: the engine's optimum is one.
                foreach (var percent in (int[])[50, 90, 99, 101, 110, 200])
                {
                    var other = amount * percent / 100;
                    Assert.True(Output(Output(other, buy.Sol, buy.Token, buy.Fee), sell.Token, sell.Sol, sell.Fee) - other <= lamports - amount + 2);
                }
            }
        });
        Assert.True(seen > 200, $"{seen} opportunities");
    }

    [Fact]
    public void Every_opportunity_follows_its_trigger_and_ends_in_one_outcome_a_few_slots_later()
    {
        using var market = new SimulatedMarket(Options);
        Dictionary<ulong, ulong> open = [];
        Dictionary<OutcomeStatus, int> statuses = [];
        Dictionary<Signature, (ulong Slot, ulong Fee, ulong Tip, bool Failed)> transactions = [];
        Signature last = default;
        Frames.Walk(Frames.Play(market, 100), record =>
        {
            if (TransactionView.TryRead(record, out var view))
            {
                last = view.Record.Signature;
                transactions.Add(last, (view.Record.Slot, view.Record.FeeLamports, view.Record.TipLamports, view.Record.Flags.HasFlag(TransactionFlags.Failed)));
            }
            else if (OpportunityView.TryRead(record, out var opportunity))
            {
                Assert.Equal(last, opportunity.Record.TriggerSignature);
                open.Add(opportunity.Record.OpportunityId, opportunity.Record.Slot);
            }
            else if (OutcomeView.TryRead(record, out var outcome))
            {
                Assert.True(open.Remove(outcome.Record.OpportunityId, out var slot));
                Assert.InRange(outcome.Record.Slot, slot + 1, slot + 12);
                statuses[outcome.Record.Status] = statuses.GetValueOrDefault(outcome.Record.Status) + 1;
                if (!outcome.Record.Signature.IsZero)
                {
                    var transaction = transactions[outcome.Record.Signature];
                    Assert.True(transaction.Slot < outcome.Record.Slot);
                    Assert.Equal((transaction.Fee, transaction.Tip), (outcome.Record.FeeLamports, outcome.Record.TipLamports));
                    Assert.Equal(transaction.Failed, outcome.Record.Status == OutcomeStatus.Failed);
                    Assert.True(transaction.Failed || outcome.Record.ProfitLamports >= (long)(transaction.Fee + transaction.Tip));
                }
            }
        });
        Assert.True(open.Count < 200);
        Assert.Superset(new HashSet<OutcomeStatus> { OutcomeStatus.Succeeded, OutcomeStatus.Failed, OutcomeStatus.LostToRival, OutcomeStatus.Dropped }, statuses.Keys.ToHashSet());
        Assert.DoesNotContain(OutcomeStatus.Unknown, statuses.Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void From_a_twentieth_to_a_quarter_of_all_swaps_are_triggers_and_size_tells_much_but_not_all(ulong seed)
    {
        using var market = new SimulatedMarket(new MarketOptions { Seed = seed });
        List<double> triggers = [];
        List<double> others = [];
        var impact = 0d;
        var isSwap = false;
        Frames.Walk(Frames.Play(market, 150), record =>
        {
            if (TransactionView.TryRead(record, out var view))
            {
                Settle(isTrigger: false);
                isSwap = view.Swaps.Length == 1;
                impact = isSwap ? (double)view.Swaps[0].AmountIn / view.Swaps[0].ReserveInBefore : 0;
            }
            else if (OpportunityView.TryRead(record, out _))
            {
                Settle(isTrigger: true);
            }
        });
        var share = (double)triggers.Count / (triggers.Count + others.Count);
        Assert.InRange(share, 0.05, 0.25);
        Assert.InRange(AreaUnderCurve(triggers, others), 0.6, 0.97);

        void Settle(bool isTrigger)
        {
            if (isSwap)
            {
                (isTrigger ? triggers : others).Add(impact);
            }

            isSwap = false;
        }
    }

    // The chance that a trigger is larger than another swap, by ranks.
    private static double AreaUnderCurve(List<double> positives, List<double> negatives)
    {
        negatives.Sort();
        return positives.Average(value =>
        {
            var at = negatives.BinarySearch(value);
            return (double)(at < 0 ? ~at : at) / negatives.Count;
        });
    }

    private static (string Address, BigInteger Sol, BigInteger Token, BigInteger Fee) Pool(JsonElement pool) => (
        pool.GetProperty("pool").GetString()!,
        pool.GetProperty("reserveSol").GetUInt64(),
        pool.GetProperty("reserveToken").GetUInt64(),
        pool.GetProperty("feeMillionths").GetUInt32());

    private static BigInteger Output(BigInteger amount, BigInteger reserveIn, BigInteger reserveOut, BigInteger fee)
    {
        var kept = amount * (1_000_000 - fee) / 1_000_000;
        return kept * reserveOut / (reserveIn + kept);
    }
}
