using System.Globalization;

namespace Mev.Sdk.Models.Evaluation;

/// <summary>How good scores were on labelled rows. A figure that needs both classes is null, shown as 'n/a', when there is one.</summary>
/// <remarks>Immutable; equal by its figures.</remarks>
public sealed record BinaryEvaluation
{
    /// <summary>Bins of <see cref="CalibrationError"/>.</summary>
    public const int CalibrationBins = 15;

    // Keeps the logarithm finite; scikit-learn's log_loss clips at a float's epsilon too.
    private const double LeastProbability = 1e-7;

    /// <summary>Rows.</summary>
    public required int Count { get; init; }

    /// <summary>Rows whose label is 1.</summary>
    public required int Positives { get; init; }

    /// <summary>Share of positives, 0 to 1; null without rows.</summary>
    public required double? BaseRate { get; init; }

    /// <summary>Area under the ROC curve: chance that a positive scores above a negative, ties half; 0.5 = no skill.</summary>
    public required double? RocAuc { get; init; }

    /// <summary>Average precision, ties taken together; the base rate = no skill.</summary>
    public required double? PrAuc { get; init; }

    /// <summary>Mean negative log likelihood, nats; smaller is better.</summary>
    public required double? LogLoss { get; init; }

    /// <summary>Log loss of the constant <see cref="BaselineProbability"/> on the same rows, nats.</summary>
    public required double? BaselineLogLoss { get; init; }

    /// <summary>The constant that the baseline says: the training rows' base rate.</summary>
    public required double BaselineProbability { get; init; }

    /// <summary>Mean squared error of the probabilities, 0 to 1; smaller is better.</summary>
    public required double? BrierScore { get; init; }

    /// <summary>Brier score of the constant <see cref="BaselineProbability"/> on the same rows.</summary>
    public required double? BaselineBrierScore { get; init; }

    /// <summary>Expected calibration error over 15 bins of equal width, 0 to 1; smaller is better.</summary>
    public required double? CalibrationError { get; init; }

    /// <summary>The counts at the threshold.</summary>
    public required ConfusionCounts Confusion { get; init; }

    /// <summary>Compares scores with labels.</summary>
    /// <param name="scores">Probabilities, 0 to 1.</param>
    /// <param name="labels">1 = positive, 0 = negative.</param>
    /// <param name="threshold">Scores from here on count as positive.</param>
    /// <param name="baselineProbability">What a model without features would say: the training rows' base rate.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="ArgumentException">The spans differ in length, a score is no probability, or a label neither 0 nor 1.</exception>
    public static BinaryEvaluation Compute(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, double threshold, double baselineProbability)
    {
        var ranking = Ranking.Create(scores, labels);
        double logLoss = 0, baselineLoss = 0, brier = 0, baselineBrier = 0;
        var confusion = default(ConfusionCounts);
        for (var i = 0; i < scores.Length; i++)
        {
            var positive = labels[i] > 0.5f;
            logLoss += Loss(scores[i], positive);
            baselineLoss += Loss(baselineProbability, positive);
            brier += Square(scores[i] - labels[i]);
            baselineBrier += Square(baselineProbability - labels[i]);
            confusion = confusion.Add(scores[i] >= threshold, positive);
        }

        var n = scores.Length;
        double? Mean(double sum) => n == 0 ? null : sum / n;
        return new BinaryEvaluation
        {
            Count = n,
            Positives = ranking.Positives,
            BaseRate = Mean(ranking.Positives),
            RocAuc = ranking.RocAuc(),
            PrAuc = ranking.PrAuc(),
            LogLoss = Mean(logLoss),
            BaselineLogLoss = Mean(baselineLoss),
            BaselineProbability = baselineProbability,
            BrierScore = Mean(brier),
            BaselineBrierScore = Mean(baselineBrier),
            CalibrationError = n == 0 ? null : ExpectedCalibrationError(scores, labels),
            Confusion = confusion,
        };
    }

    /// <summary>A figure as text with four digits, or 'n/a'.</summary>
    /// <param name="figure">The figure.</param>
    /// <returns>The text, independent of culture.</returns>
    public static string Format(double? figure) => figure?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "n/a";

    /// <summary>One line for a log or a page.</summary>
    /// <returns>The figures with their baselines.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"n {Count}, base rate {Format(BaseRate)}, ROC-AUC {Format(RocAuc)}, PR-AUC {Format(PrAuc)}, log loss {Format(LogLoss)} (baseline {Format(BaselineLogLoss)}), Brier {Format(BrierScore)} (baseline {Format(BaselineBrierScore)}), calibration error {Format(CalibrationError)}");

    private static double Loss(double probability, bool positive)
    {
        var p = Math.Clamp(probability, LeastProbability, 1 - LeastProbability);
        return -Math.Log(positive ? p : 1 - p);
    }

    private static double Square(double value) => value * value;

    // Guo et al., "On Calibration of Modern Neural Networks" (2017), equation 3, with bins of equal width.
    private static double ExpectedCalibrationError(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        Span<double> scoreSums = stackalloc double[CalibrationBins];
        Span<double> labelSums = stackalloc double[CalibrationBins];
        scoreSums.Clear();
        labelSums.Clear();
        for (var i = 0; i < scores.Length; i++)
        {
            var bin = Math.Min((int)(scores[i] * CalibrationBins), CalibrationBins - 1);
            scoreSums[bin] += scores[i];
            labelSums[bin] += labels[i];
        }

        var error = 0.0;
        for (var bin = 0; bin < CalibrationBins; bin++)
        {
            error += Math.Abs(scoreSums[bin] - labelSums[bin]);
        }

        return error / scores.Length;
    }
}
