namespace Mev.Sdk.Models.Training;

/// <summary>Fits a model to rows.</summary>
public interface IModelTrainer
{
    /// <summary>Trains on a thread of the pool.</summary>
    /// <param name="request">The rows.</param>
    /// <param name="progress">Told after each iteration; null = nobody.</param>
    /// <param name="cancellationToken">Ends the training between two iterations.</param>
    /// <returns>The model and how it came about.</returns>
    /// <exception cref="ArgumentException">No model can be trained on these rows; the message says why.</exception>
    /// <exception cref="InvalidOperationException">What trains is not available on this machine; the message says what to install.</exception>
    Task<TrainingReport> TrainAsync(TrainingRequest request, IProgress<TrainingIteration>? progress = null, CancellationToken cancellationToken = default);
}
