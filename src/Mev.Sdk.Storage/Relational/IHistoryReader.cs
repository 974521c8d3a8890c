using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.Relational;

/// <summary>Reads what the projector has stored. Behind the journal by as much as the projector is.</summary>
/// <remarks>Thread-safe; reading does not hold up the projector.</remarks>
public interface IHistoryReader
{
    /// <summary>Distinct signatures stored; kept, not counted, so it costs nothing to ask.</summary>
    long TransactionCount { get; }

    /// <summary>Opportunities stored, reported and observed ones; kept, not counted.</summary>
    long OpportunityCount { get; }

    /// <summary>
    /// Those of <see cref="OpportunityCount"/> that an inspector observed in what already happened on chain (<see cref="OpportunityFlags.Observed"/>);
    /// the rest was reported by engines. Kept, not counted.
    /// </summary>
    long ObservedOpportunityCount { get; }

    /// <summary>Reads the transactions that were first sighted last.</summary>
    /// <param name="limit">At most this many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Newest first.</returns>
    ValueTask<IReadOnlyList<TransactionRow>> GetLatestTransactionsAsync(int limit, CancellationToken cancellationToken = default);

    /// <summary>Reads the opportunities that were seen last.</summary>
    /// <param name="limit">At most this many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Newest first.</returns>
    ValueTask<IReadOnlyList<OpportunityRow>> GetLatestOpportunitiesAsync(int limit, CancellationToken cancellationToken = default);

    /// <summary>Finds a transaction.</summary>
    /// <param name="signature">Its signature.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its row, or null when it is not stored.</returns>
    ValueTask<TransactionRow?> FindTransactionAsync(Signature signature, CancellationToken cancellationToken = default);

    /// <summary>Searches the transactions.</summary>
    /// <param name="query">What is wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Newest first.</returns>
    ValueTask<IReadOnlyList<TransactionRow>> FindTransactionsAsync(TransactionQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads the opportunities that a transaction opened.</summary>
    /// <param name="signature">The transaction.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Oldest first; at most 100.</returns>
    ValueTask<IReadOnlyList<OpportunityRow>> FindOpportunitiesAsync(Signature signature, CancellationToken cancellationToken = default);
}
