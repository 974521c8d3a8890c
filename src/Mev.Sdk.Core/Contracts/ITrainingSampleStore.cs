namespace Mev.Sdk;

/// <summary>Keeps the rows that models are trained on.</summary>
/// <remarks>Thread-safe.</remarks>
public interface ITrainingSampleStore
{
    /// <summary>Stores samples; a sample of the same LSN and schema replaces the earlier one.</summary>
    /// <param name="schema">What the features mean.</param>
    /// <param name="samples">The rows; each as wide as the schema.</param>
    /// <param name="modelVersion">The model trained on them, or null before there is one.</param>
    /// <param name="cancellationToken">Gives up; either all rows of the call are stored or none.</param>
    /// <returns>Completes when the rows are durable.</returns>
    /// <exception cref="ArgumentException">A row has another width than the schema.</exception>
    ValueTask WriteAsync(FeatureSchema schema, IReadOnlyList<TrainingSample> samples, string? modelVersion, CancellationToken cancellationToken = default);

    /// <summary>Reads samples of one schema in LSN order.</summary>
    /// <param name="schema">The schema wanted.</param>
    /// <param name="from">First LSN wanted.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The rows.</returns>
    IAsyncEnumerable<TrainingSample> ReadAsync(FeatureSchema schema, Lsn from, CancellationToken cancellationToken = default);
}
