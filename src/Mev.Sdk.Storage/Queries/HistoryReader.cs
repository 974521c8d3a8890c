using Mev.Sdk.Records;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Queries;

/// <summary>The searches of a dashboard over every tier: one implementation for all stores.</summary>
/// <param name="planner">Who answers.</param>
/// <param name="counts">Who keeps the counts: the store that the projector fills.</param>
/// <param name="catalogue">Which tier has which records, where rows are moved; it tells when a list cannot have rows of a tier further away.</param>
/// <remarks>
/// Thread-safe. The nearest tier is asked first, and the next one only if that could add something. A search without a slot and the lists of the latest rows look no further than the warm tier: to search a
/// year of the archive for something ask <see cref="HistoryPlanner"/>.
/// </remarks>
public sealed class HistoryReader(HistoryPlanner planner, IHistoryReader counts, TierCatalogueStore? catalogue = null) : IHistoryReader
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
        return [.. (await LatestAsync(Opportunities with { Limit = limit }, cancellationToken).ConfigureAwait(false)).Select(OpportunityRows.Read)];
    }

    /// <inheritdoc/>
    /// <exception cref="HistoryStoreException">A store failed.</exception>
    public async ValueTask<TransactionRow?> FindTransactionAsync(Signature signature, CancellationToken cancellationToken = default)
    {
        // There is one row: where it was found nothing else need be asked. Rows move away from us, so it cannot slip past between two answers.
        var query = Transactions with { Filter = HistoryFilter.Equal("signature", signature), Limit = 1 };
        foreach (var tier in planner.Stores.Select(static store => store.Tier).Distinct())
        {
            var answer = await planner.AskAsync(query, new HistoryAskOptions { Tier = tier }, cancellationToken).ConfigureAwait(false);
            if (answer.Rows.Count > 0)
            {
                return TransactionRows.Read(answer.Rows[0]);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    /// <exception cref="HistoryStoreException">A store failed.</exception>
    public async ValueTask<IReadOnlyList<TransactionRow>> FindTransactionsAsync(TransactionQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ThrowIfOutOfRange(query.Limit);
        var asked = Transactions with { Filter = TransactionRows.FilterOf(query), Limit = query.Limit };
        var rows = query.Slot is { } slot
            ? (await planner.AskAsync(asked with { Span = HistorySpan.Slots(slot, slot) }, cancellationToken: cancellationToken).ConfigureAwait(false)).Rows
            : await LatestAsync(asked, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(TransactionRows.Read)];
    }

    /// <inheritdoc/>
    /// <exception cref="HistoryStoreException">A store failed.</exception>
    public async ValueTask<IReadOnlyList<OpportunityRow>> FindOpportunitiesAsync(Signature signature, CancellationToken cancellationToken = default)
    {
        var query = Opportunities with { Filter = HistoryFilter.Equal("signature", signature), Order = [new("lsn")], Limit = MaxOpportunities };

        // They are about the transaction's slot: with it every tier can be asked, and looks at little.
        if (planner.Stores.Any(static store => store.Tier == HistoryTier.Cold) && await FindTransactionAsync(signature, cancellationToken).ConfigureAwait(false) is { } transaction)
        {
            var near = SlotSpan.None.With(transaction.Slot);
            query = query with { Span = HistorySpan.Slots(near.First, near.Last) };
            return [.. (await planner.AskAsync(query, cancellationToken: cancellationToken).ConfigureAwait(false)).Rows.Select(OpportunityRows.Read)];
        }

        return [.. (await NearAsync(query, cancellationToken).ConfigureAwait(false)).OrderBy(static row => row[0].AsInteger()).Take(MaxOpportunities).Select(OpportunityRows.Read)];
    }

    // The latest rows by LSN. What the hot tier gives is enough unless a partition that was moved has a later record.
    private async ValueTask<IReadOnlyList<HistoryRow>> LatestAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        var hot = (await planner.AskAsync(query, new HistoryAskOptions { Tier = HistoryTier.Hot }, cancellationToken).ConfigureAwait(false)).Rows;
        if (hot.Count == query.Limit && catalogue is not null)
        {
            var last = hot[^1][0].AsInteger();
            var moved = (await catalogue.ReadAsync(cancellationToken).ConfigureAwait(false)).Entries;
            if (moved.All(entry => entry.LastLsn.Value < last))
            {
                return hot;
            }
        }

        return [.. (await NearAsync(query, cancellationToken).ConfigureAwait(false)).OrderByDescending(static row => row[0].AsInteger()).Take(query.Limit)];
    }

    // A row that is moved between the two answers is in both: it counts once.
    private async ValueTask<IEnumerable<HistoryRow>> NearAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<Int128, HistoryRow>();
        foreach (var tier in planner.Stores.Select(static store => store.Tier).Where(static tier => tier != HistoryTier.Cold).Distinct())
        {
            foreach (var row in (await planner.AskAsync(query, new HistoryAskOptions { Tier = tier }, cancellationToken).ConfigureAwait(false)).Rows)
            {
                rows.TryAdd(row[0].AsInteger(), row);
            }
        }

        return rows.Values;
    }

    private static void ThrowIfOutOfRange(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxRows);
    }
}
