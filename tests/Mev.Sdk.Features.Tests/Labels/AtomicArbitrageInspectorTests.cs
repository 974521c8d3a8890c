using System.Text.Json;
using Mev.Sdk.Features.Labels;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Features.Tests.Labels;

public sealed class AtomicArbitrageInspectorTests
{
    private static readonly Pubkey Sol = Make.WrappedSol;
    private static readonly Pubkey Usdc = Make.Key(60);
    private static readonly Pubkey Token = Make.Key(50);

    [Fact]
    public void Inspect_cycle_that_pays_after_fee_and_tip_is_arbitrage()
    {
        var transaction = Make.Transaction(1, 10);
        transaction.TipLamports = 10_000;
        var finding = Inspect(transaction, Make.Swap(1, Sol, 1_000_000, Token, 500), Make.Swap(2, Token, 500, Sol, 1_015_001));

        Assert.Equal(ArbitrageVerdict.Arbitrage, finding.Verdict);
        Assert.Equal(15_001, finding.ProfitLamports);
        Assert.Equal(15_000UL, finding.CostLamports);
        Assert.Equal(1_000_000UL, finding.CapitalLamports);
        Assert.Equal(Sol, finding.QuoteMint);
        Assert.Equal(Make.Key(1), finding.FirstPool);
    }

    [Theory]
    [InlineData(1_005_000)]
    [InlineData(999_999)]
    public void Inspect_cycle_that_does_not_pay_its_cost_is_lost(ulong back) =>
        Assert.Equal(
            ArbitrageVerdict.Lost,
            Inspect(Make.Transaction(1, 10), Make.Swap(1, Sol, 1_000_000, Token, 500), Make.Swap(2, Token, 500, Sol, back)).Verdict);

    [Fact]
    public void Inspect_cycle_that_gains_sol_by_spending_stock_of_a_token_is_lost()
    {
        var finding = Inspect(Make.Transaction(1, 10), Make.Swap(1, Sol, 1_000_000, Token, 500), Make.Swap(2, Token, 501, Sol, 9_000_000));

        Assert.Equal(ArbitrageVerdict.Lost, finding.Verdict);
        Assert.Equal(1, finding.ShortMints);
    }

    [Fact]
    public void Inspect_failed_attempt_is_a_class_of_its_own() => Assert.Equal(
        ArbitrageVerdict.Failed,
        Inspect(
            Make.Transaction(1, 10, TransactionFlags.HasMeta | TransactionFlags.Failed),
            Make.Swap(1, Sol, 1_000_000, Token, 500),
            Make.Swap(2, Token, 500, Sol, 2_000_000)).Verdict);

    [Fact]
    public void Inspect_three_legs_in_any_order_close_a_cycle()
    {
        var finding = Inspect(
            Make.Transaction(1, 10),
            Make.Swap(2, Token, 500, Usdc, 70),
            Make.Swap(1, Sol, 1_000_000, Token, 500),
            Make.Swap(3, Usdc, 70, Sol, 1_100_000));

        Assert.Equal(ArbitrageVerdict.Arbitrage, finding.Verdict);
        Assert.Equal(100_000, finding.ProfitLamports);
        Assert.Equal(3, finding.Legs);
    }

    [Fact]
    public void Inspect_quote_other_than_sol_is_found_and_not_valued()
    {
        var finding = Inspect(Make.Transaction(1, 10), Make.Swap(1, Usdc, 100, Token, 500), Make.Swap(2, Token, 500, Usdc, 103));

        Assert.Equal(ArbitrageVerdict.Arbitrage, finding.Verdict);
        Assert.Equal(3, finding.GrossQuote);
        Assert.Equal(0, finding.ProfitLamports);
        Assert.False(finding.IsQuotedInSol);
    }

    [Fact]
    public void Inspect_route_without_return_or_single_swap_is_nothing()
    {
        Assert.Equal(ArbitrageVerdict.None, Inspect(Make.Transaction(1, 10), Make.Swap(1, Sol, 10, Token, 5), Make.Swap(2, Token, 5, Usdc, 9)).Verdict);
        Assert.Equal(ArbitrageVerdict.None, Inspect(Make.Transaction(1, 10), Make.Swap(1, Sol, 10, Token, 5)).Verdict);
        Assert.Equal(ArbitrageVerdict.None, Inspect(Make.Transaction(1, 10), Make.Swap(1, Sol, 10, Sol, 50), Make.Swap(1, Sol, 10, Sol, 50)).Verdict);
    }

    [Fact]
    public void Inspect_swaps_of_different_owners_close_no_cycle() => Assert.Equal(
        ArbitrageVerdict.None,
        Inspect(
            Make.Transaction(1, 10),
            Make.Swap(1, Sol, 1_000_000, Token, 500, trader: 1),
            Make.Swap(2, Token, 500, Sol, 2_000_000, trader: 2)).Verdict);

    [Fact]
    public async Task Sink_writes_one_opportunity_a_transaction_with_evidence()
    {
        var appender = new ListAppender();
        var sink = new InspectorSink(appender);
        var swaps = new[] { Make.Swap(1, Sol, 1_000_000, Token, 500), Make.Swap(2, Token, 500, Sol, 1_015_001) };
        var batch = new RecordStream()
            .Add(Make.Transaction(1, 10, TransactionFlags.HasMeta | TransactionFlags.Simulated), swaps)
            .Add(Make.Transaction(1, 10), swaps)
            .Add(Make.Transaction(2, 10, TransactionFlags.HasMeta | TransactionFlags.Failed), swaps)
            .Add(Make.Transaction(3, 10), swaps[0], Make.Swap(2, Token, 500, Sol, 1))
            .AsBatch();

        await sink.WriteAsync(batch, TestContext.Current.CancellationToken);

        Assert.Equal((1, 1, 1, 0), (sink.Found, sink.Failed, sink.Lost, sink.Dropped));
        var frame = Assert.Single(appender.Frames);
        var view = new RecordView(Lsn.None, frame);
        Assert.True(OpportunityView.TryRead(in view, out var opportunity));
        Assert.Equal(OpportunityFlags.Observed | OpportunityFlags.Executed | OpportunityFlags.Succeeded | OpportunityFlags.Simulated, opportunity.Record.Flags);
        Assert.Equal(OpportunityKind.Arbitrage, opportunity.Record.Kind);
        Assert.Equal(Make.Signature(1), opportunity.Record.TriggerSignature);
        Assert.Equal(15_001, opportunity.Record.ExpectedProfitLamports);
        Assert.Equal(5_000UL, opportunity.Record.ExpectedCostLamports);
        using var evidence = JsonDocument.Parse(opportunity.Metadata.ToArray());
        Assert.Equal("atomic-arbitrage/1", evidence.RootElement.GetProperty("rule").GetString());
        Assert.Equal(2, evidence.RootElement.GetProperty("legs").GetArrayLength());
        Assert.Equal(Sol.ToString(), evidence.RootElement.GetProperty("legs")[0].GetProperty("mintIn").GetString());
    }

    [Fact]
    public async Task Sink_full_lane_is_counted()
    {
        var sink = new InspectorSink(new ListAppender { IsFull = true });

        await sink.WriteAsync(
            new RecordStream().Add(Make.Transaction(1, 10), Make.Swap(1, Sol, 1_000_000, Token, 500), Make.Swap(2, Token, 500, Sol, 2_000_000)).AsBatch(),
            TestContext.Current.CancellationToken);

        Assert.Equal((0, 1), (sink.Found, sink.Dropped));
    }

    private static ArbitrageFinding Inspect(TransactionRecord transaction, params SwapEntry[] swaps)
    {
        foreach (var record in new RecordStream().Add(in transaction, swaps).AsBatch())
        {
            Assert.True(Records.TransactionView.TryRead(in record, out var view));
            return new AtomicArbitrageInspector().Inspect(in view);
        }

        throw new InvalidOperationException("The stream is empty.");
    }
}
