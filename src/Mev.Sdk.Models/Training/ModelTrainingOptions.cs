using Mev.Sdk.Features.Sets;

namespace Mev.Sdk.Models.Training;

/// <summary>How a model is made from history.</summary>
public sealed class ModelTrainingOptions
{
    /// <summary>What the rows are made of.</summary>
    /// <value>Default: the defaults of <see cref="TrainingSetOptions"/>.</value>
    public TrainingSetOptions Set { get; set; } = new();

    /// <summary>Share of the rows, the earliest, that the model is fitted to.</summary>
    /// <value>Default 0.6; above 0.</value>
    public double TrainShare { get; set; } = 0.6;

    /// <summary>Share of the rows, the next ones, that stop the training and choose the threshold; the rest is test.</summary>
    /// <value>Default 0.2; above 0, and less than 1 together with <see cref="TrainShare"/>.</value>
    public double ValidationShare { get; set; } = 0.2;
}
