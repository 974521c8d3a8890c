namespace Mev.Sdk.Models.Evaluation;

/// <summary>Chooses the probability from which a transaction counts as an opportunity. Give it validation rows, never test rows.</summary>
public static class ThresholdSelector
{
    /// <summary>The score from which on saying yes gives the best F1.</summary>
    /// <param name="scores">Probabilities, 0 to 1.</param>
    /// <param name="labels">1 = positive, 0 = negative.</param>
    /// <returns>The threshold; 0.5 when the rows have one class only.</returns>
    /// <exception cref="ArgumentException">The spans differ in length, a score is no probability, or a label neither 0 nor 1.</exception>
    public static double BestF1(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels) => Ranking.Create(scores, labels).BestF1Threshold() ?? 0.5;
}
