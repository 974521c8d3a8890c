using System.Globalization;
using Mev.Sdk.Features.Sets;

namespace Mev.Sdk.Models.Training;

/// <summary>How a model is made from history; configuration section <c>Mev:Models</c>.</summary>
public sealed class ModelTrainingOptions
{
    /// <summary>What the rows are made of; sub-section <c>Mev:Models:Set</c>.</summary>
    /// <value>Default: the defaults of <see cref="TrainingSetOptions"/>.</value>
    public TrainingSetOptions Set { get; set; } = new();

    /// <summary>Share of the rows, the earliest, that the model is fitted to.</summary>
    /// <value>Default 0.6; above 0.</value>
    public double TrainShare { get; set; } = 0.6;

    /// <summary>Share of the rows, the next ones, that stop the training and choose the threshold; the rest is test.</summary>
    /// <value>Default 0.2; above 0, and less than 1 together with <see cref="TrainShare"/>.</value>
    public double ValidationShare { get; set; } = 0.2;

    internal void ThrowIfInvalid()
    {
        if (!(TrainShare > 0 && ValidationShare > 0 && TrainShare + ValidationShare < 1))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Mev:Models:TrainShare is {TrainShare} and Mev:Models:ValidationShare is {ValidationShare}: choose both above 0 and their sum below 1, so that rows are left to test on."));
        }
    }
}
