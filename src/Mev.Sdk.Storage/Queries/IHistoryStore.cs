using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A database that answers history questions about what it holds.</summary>
/// <remarks>Thread-safe: several questions are asked at a time.</remarks>
public interface IHistoryStore
{
    /// <summary>A short name for messages and metrics, such as <c>duckdb</c>; one store each.</summary>
    string Name { get; }

    /// <summary>How near at hand it is.</summary>
    HistoryTier Tier { get; }

    /// <summary>
    /// Says for which stretches of a table it answers now: everything of theirs that the history has is here. Asked when a question starts, and again before its answer is
    /// believed. Who removes rows takes their stretch back first, after another store has stated it.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Stretches that do not overlap; <see cref="HistorySpan.All"/> for a store that is alone, none for one that does not hold the table.</returns>
    ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken);

    /// <summary>Answers a question from its own rows.</summary>
    /// <param name="query">A valid query without <see cref="HistoryAggregation.Quantile"/> and <see cref="HistoryAggregation.Distinct"/>; its limit may be above <see cref="HistoryLimits.Rows"/>.</param>
    /// <param name="cancellationToken">Gives up, in the database too where it can.</param>
    /// <returns>Rows or groups in the order of the query, as they come.</returns>
    IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, CancellationToken cancellationToken);
}
