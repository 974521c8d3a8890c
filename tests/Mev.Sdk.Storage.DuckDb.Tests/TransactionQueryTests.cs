using Mev.Sdk.Records;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using static Mev.Sdk.Storage.DuckDb.Tests.TestStore;

namespace Mev.Sdk.Storage.DuckDb.Tests;

public sealed class TransactionQueryTests
{
    private static readonly SwapEntry Swap = new() { Venue = VenueId.RaydiumV4, MintIn = Key(3), MintOut = Key(4), AmountIn = 10, AmountOut = 5 };

    [Fact]
    public async Task FindTransactions_answers_each_condition_and_all_together()
    {
        await using var test = await OpenAsync();
        var first = await test.ApplyAsync(
            Transaction(1, 100, static r => r with { TipLamports = 5 }, Swap),
            Transaction(2, 101, static r => r with { Flags = TransactionFlags.HasMeta | TransactionFlags.Failed, Payer = Key(1) }),
            Transaction(3, 101, static r => r with { Flags = TransactionFlags.HasMeta | TransactionFlags.Vote }),
            Transaction(4, 102, null, Swap with { Venue = VenueId.OrcaWhirlpool, MintIn = Key(4), MintOut = Key(3) }),
            Transaction(5, 102, null, Swap with { MintOut = Key(9) }),
            Transaction(6, 103));
        await test.ApplyAsync(Prediction("m", (first, 0.25f), (first.Add(3), 0.5f)));

        await ExpectAsync(test, new TransactionQuery(), 6, 5, 4, 3, 2, 1);
        await ExpectAsync(test, new TransactionQuery { Kind = TransactionKind.Swap }, 5, 4, 1);
        await ExpectAsync(test, new TransactionQuery { Kind = TransactionKind.Failed }, 2);
        await ExpectAsync(test, new TransactionQuery { Kind = TransactionKind.Vote }, 3);
        await ExpectAsync(test, new TransactionQuery { Kind = TransactionKind.Tipped }, 1);
        await ExpectAsync(test, new TransactionQuery { Kind = TransactionKind.Other }, 6);
        await ExpectAsync(test, new TransactionQuery { Venue = VenueId.RaydiumV4 }, 5, 1);
        await ExpectAsync(test, new TransactionQuery { Mint = Key(3) }, 5, 4, 1);
        await ExpectAsync(test, new TransactionQuery { Mint = Key(4), OtherMint = Key(3) }, 4, 1);
        await ExpectAsync(test, new TransactionQuery { OtherMint = Key(9) }, 5);
        await ExpectAsync(test, new TransactionQuery { Payer = Key(1) }, 2, 1);
        await ExpectAsync(test, new TransactionQuery { Slot = 101 }, 3, 2);
        await ExpectAsync(test, new TransactionQuery { MinimumScore = 0.5 }, 4);
        await ExpectAsync(test, new TransactionQuery { MinimumScore = 0.25f }, 4, 1);
        await ExpectAsync(test, new TransactionQuery { Kind = TransactionKind.Swap, Venue = VenueId.OrcaWhirlpool, Mint = Key(3), Payer = Key(4), Slot = 102, MinimumScore = 0.1 }, 4);
        await ExpectAsync(test, new TransactionQuery { Kind = TransactionKind.Swap, Payer = Key(6) });

        // Pages follow each other without a hole or a repeat.
        await ExpectAsync(test, new TransactionQuery { Limit = 2 }, 6, 5);
        await ExpectAsync(test, new TransactionQuery { Limit = 2, Before = first.Add(4) }, 4, 3);
    }

    [Fact]
    public async Task FindTransactions_refuses_what_cannot_be_meant()
    {
        await using var test = await OpenAsync();
        foreach (var query in (TransactionQuery[])[new() { Limit = 0 }, new() { Limit = 10_001 }, new() { Kind = (TransactionKind)99 }, new() { MinimumScore = double.NaN }])
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await test.Store.FindTransactionsAsync(query, TestContext.Current.CancellationToken));
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await FindAsync(test, query));
        }
    }

    [Fact]
    public async Task FindOpportunities_gives_those_that_a_transaction_opened()
    {
        await using var test = await OpenAsync();
        await test.ApplyAsync(Transaction(1), Opportunity(7, 1), Opportunity(8, 2), Opportunity(9, 1));
        var found = await test.Store.FindOpportunitiesAsync(Sign(1), TestContext.Current.CancellationToken);
        Assert.Equal(found, await Planned(test).FindOpportunitiesAsync(Sign(1), TestContext.Current.CancellationToken));
        Assert.Equal(await test.Store.GetLatestOpportunitiesAsync(10, TestContext.Current.CancellationToken), await Planned(test).GetLatestOpportunitiesAsync(10, TestContext.Current.CancellationToken));
        Assert.Equal(await test.Store.FindTransactionAsync(Sign(1), TestContext.Current.CancellationToken), await Planned(test).FindTransactionAsync(Sign(1), TestContext.Current.CancellationToken));
        Assert.Null(await Planned(test).FindTransactionAsync(Sign(2), TestContext.Current.CancellationToken));
        Assert.Equal((1, 3), (Planned(test).TransactionCount, Planned(test).OpportunityCount));
        Assert.Equal([7UL, 9UL], found.Select(static row => row.OpportunityId));
        Assert.Empty(await test.Store.FindOpportunitiesAsync(Sign(3), TestContext.Current.CancellationToken));
    }

    private static async Task ExpectAsync(TestStore test, TransactionQuery query, params int[] numbers) => Assert.Equal(numbers, await FindAsync(test, query));

    // The store's own search and the one through the planner are the same, row for row.
    private static async Task<int[]> FindAsync(TestStore test, TransactionQuery query)
    {
        var planned = await Planned(test).FindTransactionsAsync(query, TestContext.Current.CancellationToken);
        Assert.Equal(await test.Store.FindTransactionsAsync(query, TestContext.Current.CancellationToken), planned);
        return [.. planned.Select(static row => Enumerable.Range(1, 6).Single(number => Sign(number) == row.Signature))];
    }

    private static HistoryReader Planned(TestStore test) => new(new HistoryPlanner([test.Store]), test.Store);
}
