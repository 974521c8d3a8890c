namespace Mev.Sdk.Models.Training;

/// <summary>What a trainer made.</summary>
/// <param name="Trainer">Name and version of what trained, such as <c>LightGBM 4.7.0</c>.</param>
/// <param name="ModelText">The model as LightGBM text, cut at the best iteration.</param>
/// <param name="BestIteration">The iteration with the least validation loss, from 1.</param>
/// <param name="Curve">The losses, iteration by iteration, those after the best one included.</param>
/// <param name="StoppedEarly">Whether the validation loss stopped it before the last iteration allowed.</param>
/// <param name="Elapsed">How long the training took.</param>
/// <param name="Parameters">The parameters as the library was given them, for the record.</param>
public sealed record TrainingReport(
    string Trainer,
    string ModelText,
    int BestIteration,
    IReadOnlyList<TrainingIteration> Curve,
    bool StoppedEarly,
    TimeSpan Elapsed,
    string Parameters);
