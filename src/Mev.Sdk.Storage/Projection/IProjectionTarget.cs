using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Projection;

/// <summary>A database that a <see cref="Projector"/> fills from the log.</summary>
/// <remarks>Used by one projector at a time.</remarks>
public interface IProjectionTarget
{
    /// <summary>A short name for logs and metrics, such as <c>duckdb</c>.</summary>
    string Name { get; }

    /// <summary>Makes the tables when they are missing and reads how far they have come; called again after each failure.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The last record whose rows are stored; <see cref="Lsn.None"/> when none are.</returns>
    ValueTask<Lsn> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Stores the rows of some batches and the checkpoint in one transaction: all of it or nothing.</summary>
    /// <param name="batches">In LSN order, behind the checkpoint; borrowed until the task completes.</param>
    /// <param name="checkpoint">The last of their records.</param>
    /// <param name="cancellationToken">Gives up; nothing is stored then.</param>
    /// <returns>Completes when rows and checkpoint are durable.</returns>
    ValueTask ApplyAsync(IReadOnlyList<RecordBatch> batches, Lsn checkpoint, CancellationToken cancellationToken);
}
