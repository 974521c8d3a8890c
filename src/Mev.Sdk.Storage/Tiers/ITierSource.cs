using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>A database that rows are moved out of: the hot tier.</summary>
/// <remarks>Thread-safe. Projectors may write at the same time.</remarks>
public interface ITierSource
{
    /// <summary>A short name for logs and metrics, such as <c>duckdb</c>.</summary>
    string Name { get; }

    /// <summary>Lists the partitions that have rows. <see cref="PartitionFacts.IsPinned"/> and <see cref="PartitionFacts.IsArchived"/> are not its to say.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>In no order.</returns>
    ValueTask<IReadOnlyList<PartitionFacts>> GetPartitionsAsync(CancellationToken cancellationToken);

    /// <summary>Reads a table's rows of a partition as they are at one moment.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition; of the table's range.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Rows in the table's order, some thousands at a time; each buffer is valid until the next is asked for.</returns>
    IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, TierPartition partition, CancellationToken cancellationToken);

    /// <summary>Deletes a table's rows of a partition, if they are still those that were read: decided and done in one transaction.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="expected">What all its rows must add up to.</param>
    /// <param name="cancellationToken">Gives up; nothing is deleted then.</param>
    /// <returns>False when rows have changed, come or gone; nothing was deleted.</returns>
    ValueTask<bool> DeleteAsync(HistoryTable table, TierPartition partition, RowSum expected, CancellationToken cancellationToken);
}
