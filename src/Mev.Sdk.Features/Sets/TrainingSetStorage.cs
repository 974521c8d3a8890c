namespace Mev.Sdk.Features.Sets;

/// <summary>Writes training sets to a store.</summary>
public static class TrainingSetStorage
{
    /// <summary>Stores every row of a set.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="set">The rows.</param>
    /// <param name="modelVersion">The model trained on them, or null before there is one.</param>
    /// <param name="createdAt">When the rows were built.</param>
    /// <param name="batchRows">Rows a write, at least 1.</param>
    /// <param name="cancellationToken">Gives up between writes; what was written stays, and writing it again replaces it.</param>
    /// <returns>Completes when the rows are durable.</returns>
    public static async Task WriteAsync(
        this ITrainingSampleStore store,
        TrainingSet set,
        string? modelVersion,
        DateTimeOffset createdAt,
        int batchRows = 10_000,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchRows);
        for (var first = 0; first < set.Count; first += batchRows)
        {
            var samples = set.ToSamples(first, Math.Min(batchRows, set.Count - first), createdAt);
            await store.WriteAsync(set.Schema, samples, modelVersion, cancellationToken).ConfigureAwait(false);
        }
    }
}
