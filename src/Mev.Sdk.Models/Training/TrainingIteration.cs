namespace Mev.Sdk.Models.Training;

/// <summary>The loss after one iteration.</summary>
/// <param name="Iteration">The iteration, from 1.</param>
/// <param name="TrainLogLoss">Log loss on the training rows, nats.</param>
/// <param name="ValidationLogLoss">Log loss on the validation rows, nats.</param>
public readonly record struct TrainingIteration(int Iteration, double TrainLogLoss, double ValidationLogLoss);
