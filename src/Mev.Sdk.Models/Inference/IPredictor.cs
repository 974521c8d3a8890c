namespace Mev.Sdk.Models.Inference;

/// <summary>Turns feature vectors into probabilities.</summary>
/// <remarks>Immutable and thread-safe; allocates nothing a call.</remarks>
public interface IPredictor
{
    /// <summary>Values in a row.</summary>
    int FeatureCount { get; }

    /// <summary>Scores one row.</summary>
    /// <param name="row">At least <see cref="FeatureCount"/> values; NaN = missing. Values behind are ignored.</param>
    /// <returns>The model's output: of a binary model the probability, 0 to 1.</returns>
    /// <exception cref="ArgumentException">The row is too short.</exception>
    float Predict(ReadOnlySpan<float> row);

    /// <summary>Scores many rows.</summary>
    /// <param name="rows">Rows of exactly <see cref="FeatureCount"/> values, one behind the other.</param>
    /// <param name="scores">Receives one output a row.</param>
    /// <exception cref="ArgumentException">The spans do not fit each other.</exception>
    void Predict(ReadOnlySpan<float> rows, Span<float> scores);
}
