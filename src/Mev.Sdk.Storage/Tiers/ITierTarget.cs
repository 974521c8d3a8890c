using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>Where rows are moved to: the warm tier.</summary>
/// <remarks>Thread-safe. What it stores is invisible to queries until the catalogue names it.</remarks>
public interface ITierTarget
{
    /// <summary>A short name for logs and metrics, such as <c>parquet</c>.</summary>
    string Name { get; }

    /// <summary>Stores rows as a part; durable when the call returns, and not to be found under its name before.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="name">Name of the part: parts of a blob's name, unique.</param>
    /// <param name="rows">The rows in the table's order; each buffer is valid until the next is asked for.</param>
    /// <param name="cancellationToken">Gives up; what was stored so far is found by <see cref="ListAsync"/> or not there.</param>
    /// <returns>Bytes that it takes; 0 = not known.</returns>
    ValueTask<long> WriteAsync(HistoryTable table, TierPartition partition, string name, IAsyncEnumerable<RowBuffer> rows, CancellationToken cancellationToken);

    /// <summary>Reads a part back from where it is durable.</summary>
    /// <param name="table">The table.</param>
    /// <param name="name">Name of the part.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>All rows; each buffer is valid until the next is asked for.</returns>
    /// <exception cref="InvalidDataException">The part is damaged.</exception>
    IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, string name, CancellationToken cancellationToken);

    /// <summary>Names of all parts that are stored, whole or in pieces.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>In no order.</returns>
    IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes a part; nothing happens when it is not there.</summary>
    /// <param name="name">Name of the part.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is gone.</returns>
    ValueTask RemoveAsync(string name, CancellationToken cancellationToken);
}
