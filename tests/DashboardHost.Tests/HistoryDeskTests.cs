using Mev.Sdk.DashboardHost.Tests.Support;
using Mev.Sdk.DashboardHost.Transactions;
using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class HistoryDeskTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Searches_beyond_three_wait_for_a_place_and_can_be_cancelled_there()
    {
        var history = new SlowHistory();
        using var desk = new HistoryDesk(history);
        Task<IReadOnlyList<TransactionRow>>[] running = [.. Enumerable.Range(0, HistoryDesk.MaxSearches).Select(_ => desk.FindAsync(new TransactionQuery(), Token))];
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var left = desk.FindAsync(new TransactionQuery(), leaving.Token);
        var waiting = desk.FindAsync(new TransactionQuery(), Token);
        Assert.Equal(HistoryDesk.MaxSearches, history.Begun.Count);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.False(waiting.IsCompleted);

        // One that fails gives its place back like one that ends.
        history.Begun[0].SetException(new IOException("gone"));
        await Assert.ThrowsAsync<IOException>(() => running[0]);
        await history.BegunAsync(HistoryDesk.MaxSearches + 1);
        foreach (var search in history.Begun[1..])
        {
            search.SetResult([]);
        }

        Assert.Empty(await waiting);
        Assert.Empty(await running[1]);
        Assert.Empty(await running[2]);
    }

    [Theory]
    [InlineData(1e39)] // a double, beyond every float
    [InlineData(-1e39)]
    [InlineData(double.NaN)]
    public async Task Search_by_a_score_that_no_float_holds_is_refused_by_name(double score)
    {
        using var folder = new TemporaryFolder();
        using var store = new DuckDbStore(new DuckDbOptions { Path = folder.Combine("history.duckdb") });
        await store.OpenAsync(Token);
        using var desk = new HistoryDesk(store);
        var refusal = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => desk.FindAsync(new TransactionQuery { MinimumScore = score }, Token));
        Assert.Contains("MinimumScore must be a finite single-precision number", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await desk.FindAsync(new TransactionQuery { MinimumScore = 0.5 }, Token));
    }

    private sealed class SlowHistory : IHistoryReader
    {
        private readonly Lock _gate = new();
        private readonly List<TaskCompletionSource<IReadOnlyList<TransactionRow>>> _begun = [];

        public List<TaskCompletionSource<IReadOnlyList<TransactionRow>>> Begun
        {
            get
            {
                lock (_gate)
                {
                    return [.. _begun];
                }
            }
        }

        public long TransactionCount => 0;

        public long OpportunityCount => 0;

        public long ObservedOpportunityCount => 0;

        public async Task BegunAsync(int count)
        {
            while (Begun.Count < count)
            {
                await Task.Delay(10, Token);
            }
        }

        public ValueTask<IReadOnlyList<TransactionRow>> FindTransactionsAsync(TransactionQuery query, CancellationToken cancellationToken = default)
        {
            var search = new TaskCompletionSource<IReadOnlyList<TransactionRow>>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _begun.Add(search);
            }

            return new(search.Task);
        }

        public ValueTask<IReadOnlyList<TransactionRow>> GetLatestTransactionsAsync(int limit, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<OpportunityRow>> GetLatestOpportunitiesAsync(int limit, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<TransactionRow?> FindTransactionAsync(Signature signature, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<OpportunityRow>> FindOpportunitiesAsync(Signature signature, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
