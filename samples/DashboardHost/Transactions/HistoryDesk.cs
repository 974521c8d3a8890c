using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>Searches the stored transactions for pages, a few at a time: each may read the whole table, and they share the cores with the stream.</summary>
internal sealed class HistoryDesk(IHistoryReader history) : IDisposable
{
    /// <summary>Searches at a time; further ones wait.</summary>
    public const int MaxSearches = 3;

    private readonly SemaphoreSlim _places = new(MaxSearches);

    /// <param name="query">What is searched for.</param>
    /// <param name="cancellationToken">Ends the wait and the search.</param>
    public async Task<IReadOnlyList<TransactionRow>> FindAsync(TransactionQuery query, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await history.FindTransactionsAsync(query, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
