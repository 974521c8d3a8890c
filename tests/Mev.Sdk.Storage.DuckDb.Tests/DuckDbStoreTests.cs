using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using static Mev.Sdk.Storage.DuckDb.Tests.TestStore;

namespace Mev.Sdk.Storage.DuckDb.Tests;

public sealed class DuckDbStoreTests
{
    [Fact]
    public async Task Transaction_is_found_with_every_field()
    {
        await using var test = await OpenAsync();
        var swap = new SwapEntry { Venue = VenueId.RaydiumV4, Pool = Key(2), MintIn = Key(3), MintOut = Key(4), AmountIn = 10, AmountOut = ulong.MaxValue, DecimalsIn = 9, DecimalsOut = 6 };
        var lsn = await test.ApplyAsync(Transaction(1, 77, static r => r with
        {
            TipLamports = 9, ComputeUnitPriceMicroLamports = 8, ComputeUnitLimit = 7, ComputeUnitsConsumed = 6, Flags = TransactionFlags.HasMeta | TransactionFlags.Failed,
            ErrorCode = TransactionErrorCode.InstructionError, ErrorCustomCode = 6001,
        }, swap, swap));

        var row = await test.Store.FindTransactionAsync(Sign(1), TestContext.Current.CancellationToken);
        Assert.NotNull(row);
        Assert.Equal((lsn, lsn, Sign(1), 77UL), (row.Lsn, row.RawLsn, row.Signature, row.Slot));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), row.BlockTime);
        Assert.Equal((SightingStage.Processed, 1U, Key(1)), (row.Stage, row.IndexInBlock, row.Payer));
        Assert.Equal((5000UL, 9UL, 8UL, 7U, 6U), (row.FeeLamports, row.TipLamports, row.ComputeUnitPriceMicroLamports, row.ComputeUnitLimit, row.ComputeUnitsConsumed));
        Assert.Equal((TransactionErrorCode.InstructionError, 6001U, TransactionFlags.HasMeta | TransactionFlags.Failed), (row.ErrorCode, row.ErrorCustomCode, row.Flags));
        Assert.Equal(2, row.SwapCount);
        Assert.Equal(new SwapSummary(VenueId.RaydiumV4, Key(2), Key(3), Key(4), 10, ulong.MaxValue, 9, 6), row.FirstSwap);
        Assert.Null(row.Score);
        Assert.Null(await test.Store.FindTransactionAsync(Sign(2), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Signature_has_one_row_within_a_batch_across_batches_and_after_a_restart()
    {
        await using var test = await OpenAsync();
        await test.ApplyAsync(Transaction(1), Transaction(2), Transaction(1));
        await test.ApplyAsync(Transaction(2), Transaction(3));
        Assert.Equal(3, test.Store.TransactionCount);
        var checkpoint = await test.ReopenAsync();
        Assert.Equal(test.NextLsn, checkpoint.Add(1));
        Assert.Equal(3, test.Store.TransactionCount);
        await test.ApplyAsync(Transaction(3), Transaction(1), Transaction(4, slot: 102));
        Assert.Equal(4, test.Store.TransactionCount);
        Assert.Equal(4, test.Scalar("SELECT count(*) FROM transactions"));

        var latest = await test.Store.GetLatestTransactionsAsync(2, TestContext.Current.CancellationToken);
        Assert.Equal([Sign(4), Sign(3)], latest.Select(static r => r.Signature));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Later_sighting_brings_block_stage_and_meta_but_keeps_the_identity(bool restartBetween)
    {
        await using var test = await OpenAsync();
        var first = await test.ApplyAsync(Transaction(1, 90, static r => r with { Stage = SightingStage.Pending, Flags = TransactionFlags.None, FeeLamports = 0, BlockTimeSeconds = 0 }));
        if (restartBetween)
        {
            await test.ReopenAsync();
        }

        var second = await test.ApplyAsync(Transaction(1, 95, static r => r with { Stage = SightingStage.Confirmed }), Transaction(2));
        var row = await test.Store.FindTransactionAsync(Sign(1), TestContext.Current.CancellationToken);
        Assert.Equal((first, second, 95UL, SightingStage.Confirmed, 5000UL), (row!.Lsn, row.RawLsn, row.Slot, row.Stage, row.FeeLamports));
        Assert.NotNull(row.BlockTime);

        // An earlier stage that comes late changes nothing.
        await test.ApplyAsync(Transaction(1, 93, static r => r with { Stage = SightingStage.Processed, FeeLamports = 1 }));
        Assert.Equal(row, await test.Store.FindTransactionAsync(Sign(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Slot_record_advances_the_whole_slot_but_neither_pending_nor_finalized_ones()
    {
        await using var test = await OpenAsync();
        await test.ApplyAsync(
            Transaction(1, 100), Transaction(2, 101), Transaction(3, 100, static r => r with { Stage = SightingStage.Pending }),
            Transaction(4, 100, static r => r with { Stage = SightingStage.Finalized }));
        await test.ApplyAsync(Slot(100, SightingStage.Confirmed), Slot(100, SightingStage.Forked), Slot(101, SightingStage.Finalized), Slot(101, SightingStage.Forked));
        SightingStage[] expected = [SightingStage.Forked, SightingStage.Finalized, SightingStage.Pending, SightingStage.Finalized];
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], (await test.Store.FindTransactionAsync(Sign(i + 1), TestContext.Current.CancellationToken))!.Stage);
        }

        // Seen again in another block, the transaction lives on.
        await test.ApplyAsync(Transaction(1, 103));
        var again = await test.Store.FindTransactionAsync(Sign(1), TestContext.Current.CancellationToken);
        Assert.Equal((SightingStage.Processed, 103UL), (again!.Stage, again.Slot));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Slot_record_advances_what_a_repeat_brought_into_the_slot(bool atOnce)
    {
        await using var test = await OpenAsync();
        byte[][] frames =
        [
            Transaction(1, 100, static r => r with { Stage = SightingStage.Pending }),
            Transaction(1, 102), Transaction(2, 101),
            Slot(101, SightingStage.Confirmed), Slot(102, SightingStage.Confirmed),
        ];
        foreach (var some in frames.Chunk(atOnce ? frames.Length : 1))
        {
            await test.ApplyAsync(some);
        }

        var one = await test.Store.FindTransactionAsync(Sign(1), TestContext.Current.CancellationToken);
        var two = await test.Store.FindTransactionAsync(Sign(2), TestContext.Current.CancellationToken);
        Assert.Equal((102UL, SightingStage.Confirmed, SightingStage.Confirmed), (one!.Slot, one.Stage, two!.Stage));
    }

    [Fact]
    public async Task Scores_reach_rows_of_the_same_and_of_earlier_transactions()
    {
        await using var test = await OpenAsync();
        var first = test.NextLsn;
        await test.ApplyAsync(Transaction(1), Transaction(2), Prediction("m1", (first, 0.25f)));
        await test.ApplyAsync(Prediction("m2", (first.Add(1), 0.75f), (new Lsn(999_999), 1f)));
        var rows = await test.Store.GetLatestTransactionsAsync(10, TestContext.Current.CancellationToken);
        Assert.Equal([(0.75f, "m2"), (0.25f, "m1")], rows.Select(static r => (r.Score!.Value, r.ModelVersion!)));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Score_of_a_repeated_sighting_reaches_the_row_of_the_first(bool restartBefore, bool inLaterBatch)
    {
        await using var test = await OpenAsync();
        await test.ApplyAsync(Transaction(1), Transaction(2), Transaction(3));
        if (restartBefore)
        {
            await test.ReopenAsync();
        }

        // The run over the same block again: every transaction is a repeat, and the scores name the repeats.
        var again = test.NextLsn;
        byte[][] repeats = [Transaction(1), Transaction(2), Transaction(3)];
        var scores = Prediction("m1", (again, 0.25f), (again.Add(1), 0.5f), (again.Add(2), 0.75f));
        if (inLaterBatch)
        {
            await test.ApplyAsync(repeats);
            await test.ReopenAsync();
            await test.ApplyAsync(scores);
        }
        else
        {
            await test.ApplyAsync([.. repeats, scores]);
        }

        Assert.Equal([(0.25f, "m1"), (0.5f, "m1"), (0.75f, "m1")], await GetScoresAsync(test));
    }

    [Fact]
    public async Task Latest_score_of_a_transaction_wins_whichever_sighting_it_is_about()
    {
        await using var test = await OpenAsync();
        await test.ApplyAsync(
            Transaction(1), Transaction(2), Transaction(3), Transaction(1), Transaction(2),
            Prediction("a", (new Lsn(1), 0.1f), (new Lsn(3), 0.3f), (new Lsn(5), 0.5f)), Prediction("b", (new Lsn(4), 0.4f), (new Lsn(2), 0.2f)));
        Assert.Equal([(0.4f, "b"), (0.2f, "b"), (0.3f, "a")], await GetScoresAsync(test));
        await test.ApplyAsync(Prediction("c", (new Lsn(5), 0.6f), (new Lsn(3), 0.7f)));
        await test.ApplyAsync(Prediction("d", (new Lsn(2), 0.8f)));
        Assert.Equal([(0.4f, "b"), (0.8f, "d"), (0.7f, "c")], await GetScoresAsync(test));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public async Task Scores_and_metrics_that_are_not_finite_numbers_are_missing(float value)
    {
        await using var test = await OpenAsync();
        await test.ApplyAsync(Transaction(1), Transaction(2), Prediction("a", (new Lsn(1), value)), TestRecords.Metric(1, value), TestRecords.Metric(2, 2));
        var rows = await test.Store.GetLatestTransactionsAsync(10, TestContext.Current.CancellationToken);
        Assert.All(rows, static r => Assert.Null(r.Score));
        Assert.Equal(1, test.Scalar("SELECT count(*) FROM performance_metrics WHERE value IS NULL"));
        Assert.Equal(2, test.Scalar("SELECT sum(value) FROM performance_metrics"));
    }

    private static async Task<(float, string)[]> GetScoresAsync(TestStore test) =>
        [.. (await test.Store.GetLatestTransactionsAsync(10, TestContext.Current.CancellationToken)).Reverse().Select(static r => (r.Score ?? -1, r.ModelVersion ?? ""))];

    [Fact]
    public async Task Opportunity_names_its_transaction_whichever_came_first()
    {
        await using var test = await OpenAsync();
        var transaction = await test.ApplyAsync(Transaction(1));
        await test.ApplyAsync(Opportunity(1, signature: 1), Opportunity(2, signature: 2), Opportunity(3, signature: 0, metadata: "{\"a\":1}"));
        var late = await test.ApplyAsync(Transaction(2));

        var rows = await test.Store.GetLatestOpportunitiesAsync(10, TestContext.Current.CancellationToken);
        Assert.Equal(3, test.Store.OpportunityCount);
        Assert.Equal([null, late, transaction], rows.Select(static r => r.TransactionLsn));
        Assert.Equal([null, Sign(2), Sign(1)], rows.Select(static r => r.Signature));
        Assert.Equal("{\"a\":1}", rows[0].Metadata);
        Assert.Equal((OpportunityKind.Arbitrage, (ushort)3, 1000L, 50UL), (rows[0].Kind, rows[0].StrategyId, rows[0].ProfitLamports, rows[0].CostLamports));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(17_000_000_001_234_560), rows[0].DetectedAt);
        Assert.Null(rows[0].Success);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Outcome_sets_success_and_what_was_really_paid(bool inOneTransaction)
    {
        await using var test = await OpenAsync();
        byte[][] opportunities = [Opportunity(1, 1), Opportunity(2, 0), Opportunity(3, 0), Opportunity(4, 0)];
        byte[][] outcomes = [Outcome(1, OutcomeStatus.Succeeded, 900), Outcome(2, OutcomeStatus.Failed, -12), Outcome(3, OutcomeStatus.LostToRival)];
        if (inOneTransaction)
        {
            await test.ApplyAsync([.. opportunities, .. outcomes]);
        }
        else
        {
            await test.ApplyAsync(opportunities);
            await test.ApplyAsync(outcomes);
        }

        var rows = (await test.Store.GetLatestOpportunitiesAsync(10, TestContext.Current.CancellationToken)).Reverse().ToArray();
        Assert.Equal([true, false, false, null], rows.Select(static r => r.Success));
        Assert.Equal([900, -12, 1000, 1000], rows.Select(static r => r.ProfitLamports));
        Assert.Equal([12UL, 12UL, 50UL, 50UL], rows.Select(static r => r.CostLamports));
        Assert.Equal([12UL, 12UL, null, null], rows.Select(static r => r.ActualCostLamports));
        Assert.Equal([888L, -24L, null, null], rows.Select(static r => r.NetProfitLamports));
        Assert.Equal([true, true, false, false], rows.Select(static r => r.ExecutedAt is not null));
        Assert.Equal([OutcomeStatus.Succeeded, OutcomeStatus.Failed, OutcomeStatus.LostToRival, OutcomeStatus.Unknown], rows.Select(static r => r.Outcome));
        Assert.Equal(OpportunityFlags.Executed | OpportunityFlags.Succeeded, rows[0].Flags);
    }

    [Fact]
    public async Task Observed_opportunity_is_stored_once_however_often_it_is_replayed()
    {
        await using var test = await OpenAsync();
        byte[] Observed(ulong id, long profit) => Opportunity(id, 1, r => r with { Flags = OpportunityFlags.Observed, ExpectedProfitLamports = profit });
        await test.ApplyAsync(Observed(1, 5), Observed(2, 5), Observed(3, 6));
        Assert.Equal(2, test.Store.OpportunityCount);
        await test.ReopenAsync();
        await test.ApplyAsync(Observed(4, 5), Observed(5, 7));
        Assert.Equal(3, test.Store.OpportunityCount);
        Assert.Equal(3, test.Scalar("SELECT count(*) FROM mev_opportunities"));
    }

    [Fact]
    public async Task Observed_opportunities_are_counted_apart_from_reported_ones_also_after_a_restart()
    {
        await using var test = await OpenAsync();
        byte[] Observed(ulong id, long profit, int signature = 1) => Opportunity(id, signature, r => r with { Flags = OpportunityFlags.Observed, ExpectedProfitLamports = profit });
        await test.ApplyAsync(Observed(1, 5), Observed(2, 5), Observed(3, 6), Observed(4, 6, signature: 0), Opportunity(5, 1), Opportunity(6, 0));
        Assert.Equal((5, 3), (test.Store.OpportunityCount, test.Store.ObservedOpportunityCount));
        await test.ReopenAsync();
        Assert.Equal((5, 3), (test.Store.OpportunityCount, test.Store.ObservedOpportunityCount));
        await test.ApplyAsync(Observed(1, 5), Observed(2, 7), Opportunity(7, 1));
        Assert.Equal((7, 4), (test.Store.OpportunityCount, test.Store.ObservedOpportunityCount));
        Assert.Equal(4, test.Scalar("SELECT count(*) FROM mev_opportunities WHERE (flags & 2) <> 0"));
    }

    [Fact]
    public async Task Net_profit_of_an_observed_opportunity_is_what_it_left_or_unknown_when_it_is_not_valued()
    {
        await using var test = await OpenAsync();
        byte[] Landed(ulong id, long profit) => Opportunity(id, (int)id, r => r with
        {
            Flags = OpportunityFlags.Observed | OpportunityFlags.Executed, ExpectedProfitLamports = profit, ExpectedCostLamports = 9, ActualCostLamports = 9,
        });
        await test.ApplyAsync(Landed(1, 30), Landed(2, 0), Landed(3, long.MinValue), Opportunity(4, 0));
        var rows = (await test.Store.GetLatestOpportunitiesAsync(10, TestContext.Current.CancellationToken)).Reverse().ToArray();
        Assert.Equal([21L, null, long.MinValue, null], rows.Select(static r => r.NetProfitLamports));
        Assert.Equal([9UL, 9UL, 9UL, null], rows.Select(static r => r.ActualCostLamports));
    }

    [Theory]
    [InlineData(double.NaN, null)]
    [InlineData(double.PositiveInfinity, null)]
    [InlineData(double.NegativeInfinity, null)]
    [InlineData(0, null)]
    [InlineData(0.25, 0.25)]
    public async Task Confidence_that_is_not_a_finite_number_is_not_stated(double sent, double? expected)
    {
        await using var test = await OpenAsync();
        await test.ApplyAsync(Opportunity(1, 1, r => r with { Confidence = sent }));
        var rows = await test.Store.GetLatestOpportunitiesAsync(10, TestContext.Current.CancellationToken);
        Assert.Equal(expected, Assert.Single(rows).Confidence);
    }

    [Fact]
    public async Task Metrics_are_stored()
    {
        await using var test = await OpenAsync();
        await test.ApplyAsync(TestRecords.Metric(8), TestRecords.Metric(9));
        Assert.Equal(2, test.Scalar("SELECT count(*) FROM performance_metrics WHERE tags = '{}' AND name IN ('metric.1', 'metric.2')"));
        Assert.Equal(17, test.Scalar("SELECT sum(value) FROM performance_metrics"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task Limit_out_of_range_is_refused(int limit)
    {
        await using var test = await OpenAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await test.Store.GetLatestTransactionsAsync(limit, TestContext.Current.CancellationToken));
    }
}
