using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using static Mev.Sdk.Storage.Tests.Postgres.Frames;

namespace Mev.Sdk.Storage.Tests.Postgres;

[Trait("Needs", "postgres")]
public sealed class PostgresStoreTests(PostgresFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transaction_comes_back_with_all_it_has()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        var swap = Swap(1, 2);
        var first = await test.ApplyAsync(
            Transaction(1, 300_000_000, static r => r with
            {
                TipLamports = ulong.MaxValue, ComputeUnitPriceMicroLamports = 1UL << 40, ComputeUnitLimit = uint.MaxValue, ComputeUnitsConsumed = 3, ErrorCode = (TransactionErrorCode)60_000,
                ErrorCustomCode = 3_000_000_000, IndexInBlock = 70_000, Flags = TransactionFlags.HasMeta | TransactionFlags.Failed, BlockTimeSeconds = 10_000_000_000,
            }, swap, Swap(3, 4)),
            Transaction(2, 300_000_001, static r => r with { BlockTimeSeconds = 0 }),
            Prediction("m1", (test.NextLsn, 0.75f)));
        var row = Assert.IsType<TransactionRow>(await test.Store.FindTransactionAsync(Sign(1), Cancellation));
        Assert.Equal(first, row.Lsn);
        Assert.Equal(first, row.RawLsn);
        Assert.Equal((Sign(1), 300_000_000UL, SightingStage.Processed, Key(1)), (row.Signature, row.Slot, row.Stage, row.Payer));
        Assert.Equal((ulong.MaxValue, 1UL << 40, uint.MaxValue, 3u), (row.TipLamports, row.ComputeUnitPriceMicroLamports, row.ComputeUnitLimit, row.ComputeUnitsConsumed));
        Assert.Equal(((TransactionErrorCode)60_000, 3_000_000_000, 70_000u, 2), (row.ErrorCode, row.ErrorCustomCode, row.IndexInBlock, row.SwapCount));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(10_000_000_000), row.BlockTime);
        Assert.Equal((0.75f, "m1"), (row.Score, row.ModelVersion));
        Assert.Equal(new SwapSummary(swap.Venue, swap.Pool, swap.MintIn, swap.MintOut, swap.AmountIn, swap.AmountOut, 9, 6), row.FirstSwap);
        Assert.True(row.ProcessedAt > DateTimeOffset.UnixEpoch.AddYears(50));

        var second = (await test.Store.GetLatestTransactionsAsync(10, Cancellation))[0];
        Assert.Equal((Sign(2), (DateTimeOffset?)null, (SwapSummary?)null, (float?)null), (second.Signature, second.BlockTime, second.FirstSwap, second.Score));
        Assert.Null(await test.Store.FindTransactionAsync(Sign(3), Cancellation));
        Assert.Equal(2, test.Store.TransactionCount);
    }

    [Fact]
    public async Task Signature_is_stored_once_also_after_a_restart_and_keeps_its_first_lsn()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        var first = await test.ApplyAsync(Transaction(1), Transaction(1), Transaction(2));
        var checkpoint = await test.ReopenAsync();
        Assert.Equal(first.Add(2), checkpoint);
        await test.ApplyAsync(Transaction(1, 101), Transaction(3, 101));
        Assert.Equal(3, test.Store.TransactionCount);
        Assert.Equal(3, await test.ScalarAsync("SELECT count(*) FROM transactions_rows"));
        Assert.Equal(first, (await test.Store.FindTransactionAsync(Sign(1), Cancellation))!.Lsn);

        // Signatures that agree in their first half are two; the same one far away is another, since a signature lands only once within its blockhash's life.
        byte[] Half(ulong slot, byte last) => Transaction(9, slot, r =>
        {
            var bytes = Signature.AsSpan(in r.Signature).ToArray();
            bytes[^1] = last;
            return r with { Signature = new Signature(bytes) };
        });
        await test.ApplyAsync(Half(100, 1), Half(100, 2));
        await test.ReopenAsync();
        await test.ApplyAsync(Half(100, 2), Half(100, 3));
        Assert.Equal(6, test.Store.TransactionCount);
    }

    [Fact]
    public async Task Slot_record_advances_rows_that_are_there_and_none_that_comes_later()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        await test.ApplyAsync(Transaction(1), Transaction(2, change: static r => r with { Stage = SightingStage.Pending }));
        await test.ApplyAsync(Slot(100, SightingStage.Confirmed));
        await test.ApplyAsync(Transaction(3));
        Assert.Equal([SightingStage.Processed, SightingStage.Pending, SightingStage.Confirmed], await StagesAsync(test));
        await test.ApplyAsync(Slot(100, SightingStage.Forked));
        Assert.Equal([SightingStage.Forked, SightingStage.Pending, SightingStage.Forked], await StagesAsync(test));

        // Seen again, in another block.
        await test.ApplyAsync(Transaction(1, 102), Transaction(2, 102));
        Assert.Equal([SightingStage.Forked, SightingStage.Processed, SightingStage.Processed], await StagesAsync(test));
        await test.ApplyAsync(Slot(102, SightingStage.Finalized));
        await test.ApplyAsync(Slot(102, SightingStage.Dropped));
        Assert.Equal([SightingStage.Forked, SightingStage.Finalized, SightingStage.Finalized], await StagesAsync(test));
        Assert.Equal([102UL, 102UL, 100UL], (await test.Store.GetLatestTransactionsAsync(10, Cancellation)).Select(static r => r.Slot).Reverse());
    }

    [Fact]
    public async Task Late_meta_and_late_scores_reach_the_first_sighting()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        var first = await test.ApplyAsync(Transaction(1, change: static r => r with { Flags = TransactionFlags.None, FeeLamports = 0, Stage = SightingStage.Pending }));
        var second = await test.ApplyAsync(Transaction(1, 101, static r => r with { FeeLamports = 7 }, Swap(1, 2)));
        await test.ApplyAsync(Prediction("late", (second, 0.5f)), Prediction("none", (new Lsn(999_999), 0.1f)));
        var row = (await test.Store.FindTransactionAsync(Sign(1), Cancellation))!;
        Assert.Equal((first, second, 7UL, 101UL, SightingStage.Processed), (row.Lsn, row.RawLsn, row.FeeLamports, row.Slot, row.Stage));
        Assert.Equal((0.5f, "late", 1), (row.Score, row.ModelVersion, row.SwapCount));
        Assert.Equal(2, await test.ScalarAsync("SELECT count(*) FROM predictions"));
    }

    [Fact]
    public async Task Opportunity_names_its_transaction_whichever_came_first_and_takes_its_outcome()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        var transaction = await test.ApplyAsync(Transaction(1));
        await test.ApplyAsync(Opportunity(1, signature: 1), Opportunity(2, signature: 2), Opportunity(3, signature: 0, metadata: "{\"a\":  1}"), Opportunity(4, 0, metadata: "no json\0"));
        var late = await test.ApplyAsync(Transaction(2));
        await test.ApplyAsync(Outcome(1, OutcomeStatus.Succeeded, 900), Outcome(2, OutcomeStatus.LostToRival));
        var rows = (await test.Store.GetLatestOpportunitiesAsync(10, Cancellation)).Reverse().ToArray();
        Assert.Equal([transaction, late, null, null], rows.Select(static r => r.TransactionLsn));
        Assert.Equal([true, false, null, null], rows.Select(static r => r.Success));
        Assert.Equal([900, 1000, 1000, 1000], rows.Select(static r => r.ProfitLamports));
        Assert.Equal([12UL, null, null, null], rows.Select(static r => r.ActualCostLamports));
        Assert.Equal(OpportunityFlags.Executed | OpportunityFlags.Succeeded, rows[0].Flags);
        Assert.Equal("{\"a\":  1}", rows[2].Metadata);
        Assert.Equal(1, await test.ScalarAsync("SELECT count(*) FROM mev_opportunities WHERE metadata_jsonb @> '{\"a\":1}'"));
        Assert.Equal(4, test.Store.OpportunityCount);
        Assert.Equal(rows[0], Assert.Single(await test.Store.FindOpportunitiesAsync(Sign(1), Cancellation)));
    }

    [Fact]
    public async Task Observed_opportunity_is_stored_once_however_often_it_is_replayed()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        static byte[] Observed(ulong id, long profit) => Opportunity(id, 1, r => r with { Flags = OpportunityFlags.Observed, ExpectedProfitLamports = profit });
        await test.ApplyAsync(Observed(1, 5), Observed(2, 5), Observed(3, 6));
        await test.ReopenAsync();
        await test.ApplyAsync(Observed(4, 5), Observed(5, 7), Opportunity(6, 1));
        Assert.Equal((4, 3), (test.Store.OpportunityCount, test.Store.ObservedOpportunityCount));
        Assert.Equal(4, await test.ScalarAsync("SELECT count(*) FROM mev_opportunities"));
    }

    [Fact]
    public async Task Queries_find_what_they_ask_for_page_after_page()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        await test.ApplyAsync([.. Enumerable.Range(1, 200).Select(static i => Transaction(i, 100 + (ulong)i / 50, r => r with
        {
            Payer = Key(i % 5), TipLamports = (ulong)(i % 10), Flags = i % 7 == 0 ? TransactionFlags.HasMeta | TransactionFlags.Vote : TransactionFlags.HasMeta,
        }, i % 2 == 0 ? [Swap(i % 4, 9, (VenueId)(i % 3 + 1))] : []))]);
        async Task<int[]> Find(TransactionQuery query) => [.. (await test.Store.FindTransactionsAsync(query with { Limit = 1000 }, Cancellation)).Select(static r => (int)r.IndexInBlock)];
        int[] all = [.. Enumerable.Range(1, 200).Reverse()];
        Assert.Equal(all, await Find(new TransactionQuery()));
        Assert.Equal(all.Where(static i => i % 5 == 3), await Find(new TransactionQuery { Payer = Key(3) }));
        Assert.Empty(await Find(new TransactionQuery { Payer = Key(77) }));
        Assert.Equal(all.Where(static i => i % 2 == 0 && i % 3 == 1), await Find(new TransactionQuery { Venue = (VenueId)2 }));
        Assert.Equal(all.Where(static i => i % 4 == 2), await Find(new TransactionQuery { Mint = Key(9), OtherMint = Key(2) }));
        Assert.Equal(all.Where(static i => i % 2 == 0), await Find(new TransactionQuery { OtherMint = Key(9) }));
        Assert.Equal(all.Where(static i => i / 50 == 2), await Find(new TransactionQuery { Slot = 102 }));
        Assert.Equal(all.Where(static i => i % 10 != 0), await Find(new TransactionQuery { Kind = TransactionKind.Tipped }));
        Assert.Equal(all.Where(static i => i % 7 == 0), await Find(new TransactionQuery { Kind = TransactionKind.Vote }));
        Assert.Equal(all.Where(static i => i % 7 != 0 && i % 2 == 1), await Find(new TransactionQuery { Kind = TransactionKind.Other }));
        Assert.Equal(all.Where(static i => i % 2 == 0), await Find(new TransactionQuery { Kind = TransactionKind.Swap }));
        Assert.Empty(await Find(new TransactionQuery { Kind = TransactionKind.Failed, MinimumScore = 0.5 }));
        var page = await test.Store.FindTransactionsAsync(new TransactionQuery { Limit = 7, Before = new Lsn(50) }, Cancellation);
        Assert.Equal(Enumerable.Range(43, 7).Reverse(), page.Select(static r => (int)r.IndexInBlock));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await test.Store.FindTransactionsAsync(new TransactionQuery { MinimumScore = double.NaN }, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await test.Store.GetLatestTransactionsAsync(10_001, Cancellation));
    }

    // PostgreSQL's numbers are signed: a log id from 32,768 on, and slots nobody will live to see, are negative in it.
    [Fact]
    public async Task Numbers_beyond_the_signed_ones_are_kept_and_ordered()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture, first: Lsn.Create(40_000, 1).Value);
        var first = await test.ApplyAsync(Transaction(1, ulong.MaxValue), Transaction(2, (1UL << 63) - 1), Transaction(3, 1UL << 63), Transaction(4, 5));
        await test.ApplyAsync(Slot(ulong.MaxValue, SightingStage.Finalized), Opportunity(1, 1, static r => r with { Slot = ulong.MaxValue }));
        Assert.Equal(first.Add(5), await test.ReopenAsync());
        await test.ApplyAsync(Transaction(1, ulong.MaxValue), Transaction(4, 6));
        Assert.Equal(4, test.Store.TransactionCount);
        Assert.Equal([4, 3, 2, 1], (await test.Store.GetLatestTransactionsAsync(10, Cancellation)).Select(static r => (int)r.IndexInBlock));
        Assert.Equal([2, 1], (await test.Store.FindTransactionsAsync(new TransactionQuery { Before = first.Add(2) }, Cancellation)).Select(static r => (int)r.IndexInBlock));
        var row = (await test.Store.FindTransactionAsync(Sign(1), Cancellation))!;
        Assert.Equal((ulong.MaxValue, SightingStage.Finalized, first), (row.Slot, row.Stage, row.Lsn));
        Assert.Equal(first, Assert.Single(await test.Store.GetLatestOpportunitiesAsync(1, Cancellation)).TransactionLsn);
        Assert.Equal(ulong.MaxValue, Assert.Single(await test.Store.FindTransactionsAsync(new TransactionQuery { Slot = ulong.MaxValue }, Cancellation)).Slot);
    }

    private static async Task<IEnumerable<SightingStage>> StagesAsync(PostgresTestStore test) =>
        (await test.Store.GetLatestTransactionsAsync(100, Cancellation)).Select(static r => r.Stage);
}
