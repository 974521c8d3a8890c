namespace Mev.Sdk.Models.Training;

/// <summary>News of a training run.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Rows">Labelled rows so far.</param>
/// <param name="Iteration">The latest iteration; null before and after the fitting.</param>
public sealed record TrainingProgress(TrainingStage Stage, int Rows, TrainingIteration? Iteration);
