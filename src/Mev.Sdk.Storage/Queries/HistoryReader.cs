using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>The searches of a dashboard over every tier: one implementation for all stores.</summary>
/// <param name="planner">Who answers.</param>
/// <param name="counts">Who keeps the counts: the store that the projector fills.</param>
/// <remarks>Thread-safe.</remarks>
public sealed class HistoryReader(HistoryPlanner planner, IHistoryReader counts) : IHistoryReader
{
    private const int MaxRows = 10_000;
    private const int MaxOpportunities = 100;
    private static readonly HistoryQuery Transactions = new() { Table = HistoryTables.Transactions.Name, Columns = TransactionRows.Columns, Order = [new("lsn", Descending: true)] };
    private static readonly HistoryQuery Opportunities = new() { Table = HistoryTables.MevOpportunities.Name, Columns = OpportunityRows.Columns, Order = [new("lsn", Descending: true)] };

    /// <inheritdoc/>
    public long TransactionCount => counts.TransactionCount;

    /// <inheritdoc/>
    public long OpportunityCount => counts.OpportunityCount;

    /// <inheritdoc/>
    public long ObservedOpportunityCount => counts.ObservedOpportunityCount;

    /// <inheritdoc/>
    /// <exception cref="HistoryStoreException">A store failed.</exception>
    public ValueTask<IReadOnlyList<TransactionRow>> GetLatestTransactionsAsync(int limit, CancellationToken cancellationToken = default) =>
        FindTransactionsAsync(new TransactionQuery { Limit = limit }, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="HistoryStoreException">A store failed.</exception>
    public async ValueTask<IReadOnlyList<OpportunityRow>> GetLatestOpportunitiesAsync(int limit, CancellationToken cancellationToken = default)
    {
        ThrowIfOutOfRange(limit);
        var answer = await planner.AskAsync(Opportunities with { Limit = limit }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. answer.Rows.Select(OpportunityRows.Read)];
    }

    /// <inheritdoc/>
    /// <exception cref="HistoryStoreException">A store failed.</exception>
    public async ValueTask<TransactionRow?> FindTransactionAsync(Signature signature, CancellationToken cancellationToken = default)
    {
        var answer = await planner.AskAsync(Transactions with { Filter = HistoryFilter.Equal("signature", signature), Limit = 1 }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return answer.Rows.Count > 0 ? TransactionRows.Read(answer.Rows[0]) : null;
    }

    /// <inheritdoc/>
    /// <exception cref="HistoryStoreException">A store failed.</exception>
    public async ValueTask<IReadOnlyList<TransactionRow>> FindTransactionsAsync(TransactionQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ThrowIfOutOfRange(query.Limit);
        var answer = await planner.AskAsync(
            Transactions with
            {
                Filter = TransactionRows.FilterOf(query),
                Span = query.Slot is { } slot ? HistorySpan.Slots(slot, slot) : null,
                Limit = query.Limit,
            },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. answer.Rows.Select(TransactionRows.Read)];
    }

    /// <inheritdoc/>
    /// <exception cref="HistoryStoreException">A store failed.</exception>
    public async ValueTask<IReadOnlyList<OpportunityRow>> FindOpportunitiesAsync(Signature signature, CancellationToken cancellationToken = default)
    {
        var answer = await planner.AskAsync(
            Opportunities with { Filter = HistoryFilter.Equal("signature", signature), Order = [new("lsn")], Limit = MaxOpportunities }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. answer.Rows.Select(OpportunityRows.Read)];
    }

    private static void ThrowIfOutOfRange(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxRows);
    }
}
