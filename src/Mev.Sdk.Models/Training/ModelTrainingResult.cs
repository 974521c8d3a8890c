using Mev.Sdk.Features.Sets;

namespace Mev.Sdk.Models.Training;

/// <summary>What a training run made.</summary>
/// <param name="Artifact">The model, not saved yet.</param>
/// <param name="Report">How it was fitted.</param>
/// <param name="Set">The rows.</param>
/// <param name="Split">How they were cut.</param>
public sealed record ModelTrainingResult(ModelArtifact Artifact, TrainingReport Report, TrainingSet Set, TimeOrderedSplit Split);
