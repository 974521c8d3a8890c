using Mev.Sdk.Models.Evaluation;

namespace Mev.Sdk.Models.Tests.Evaluation;

public sealed class BinaryEvaluationTests
{
    [Fact]
    public void Compute_figures_of_a_small_case_agree_with_a_calculation_by_hand()
    {
        // Falling scores: + - + -. AUC: 3 of 4 pairs. Average precision: 1/2 * 1 + 1/2 * 2/3.
        var evaluation = BinaryEvaluation.Compute([0.2f, 0.9f, 0.6f, 0.8f], [0, 1, 1, 0], threshold: 0.7, baselineProbability: 0.5);

        Assert.Equal(0.75, evaluation.RocAuc!.Value, 9);
        Assert.Equal(0.5 + (0.5 * 2 / 3), evaluation.PrAuc!.Value, 9);
        Assert.Equal((0.04 + 0.01 + 0.16 + 0.64) / 4, evaluation.BrierScore!.Value, 6);
        Assert.Equal(-(Math.Log(0.8) + Math.Log(0.9) + Math.Log(0.6) + Math.Log(0.2)) / 4, evaluation.LogLoss!.Value, 6);
        Assert.Equal(Math.Log(2), evaluation.BaselineLogLoss!.Value, 9);
        Assert.Equal(0.25, evaluation.BaselineBrierScore!.Value, 9);
        Assert.Equal(0.5, evaluation.BaseRate);
        Assert.Equal((0.2 + 0.1 + 0.4 + 0.8) / 4, evaluation.CalibrationError!.Value, 6);
        Assert.Equal(new ConfusionCounts(1, 1, 1, 1), evaluation.Confusion);
        Assert.Equal(0.5, evaluation.Confusion.F1);
    }

    [Fact]
    public void Compute_equal_scores_have_no_skill_in_any_order()
    {
        var evaluation = BinaryEvaluation.Compute([0.5f, 0.5f, 0.5f, 0.5f], [1, 0, 0, 0], 0.5, 0.25);

        Assert.Equal(0.5, evaluation.RocAuc);
        Assert.Equal(0.25, evaluation.PrAuc);
        Assert.Equal(0.25, evaluation.CalibrationError);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Compute_auc_is_the_share_of_pairs_in_order(int seed)
    {
        var random = new Random(seed);
        var scores = Enumerable.Range(0, 200).Select(_ => random.Next(20) / 20f).ToArray();
        var labels = scores.Select(s => random.NextDouble() < s ? 1f : 0f).ToArray();
        double pairs = 0, all = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            for (var j = 0; j < scores.Length; j++)
            {
                if (labels[i] == 1 && labels[j] == 0)
                {
                    all++;
                    pairs += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }

        Assert.Equal(pairs / all, BinaryEvaluation.Compute(scores, labels, 0.5, 0.5).RocAuc!.Value, 12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Compute_one_class_has_no_ranking(float label)
    {
        var evaluation = BinaryEvaluation.Compute([0.1f, 0.7f], [label, label], 0.5, 0.5);

        Assert.Null(evaluation.RocAuc);
        Assert.Null(evaluation.PrAuc);
        Assert.NotNull(evaluation.LogLoss);
        Assert.Contains("ROC-AUC n/a", evaluation.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compute_no_rows_has_no_figures()
    {
        var evaluation = BinaryEvaluation.Compute([], [], 0.5, 0.5);

        Assert.Equal((0, null, null, null), (evaluation.Count, evaluation.LogLoss, evaluation.BrierScore, evaluation.BaseRate));
        Assert.Null(evaluation.Confusion.Precision);
        Assert.Null(evaluation.Confusion.Recall);
        Assert.Null(evaluation.Confusion.F1);
    }

    [Fact]
    public void Compute_certain_and_wrong_costs_a_finite_loss() =>
        Assert.Equal(-Math.Log(1e-7), BinaryEvaluation.Compute([1], [0], 0.5, 0.5).LogLoss!.Value, 6);

    [Fact]
    public void Compute_what_is_no_probability_or_label_is_refused()
    {
        Assert.Contains("Score 1", Assert.Throws<ArgumentException>(() => BinaryEvaluation.Compute([0, float.NaN], [0, 1], 0.5, 0.5)).Message, StringComparison.Ordinal);
        Assert.Contains("Score 0", Assert.Throws<ArgumentException>(() => BinaryEvaluation.Compute([1.5f], [0], 0.5, 0.5)).Message, StringComparison.Ordinal);
        Assert.Contains("Label 0", Assert.Throws<ArgumentException>(() => BinaryEvaluation.Compute([0.5f], [2], 0.5, 0.5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BinaryEvaluation.Compute([0.5f], [], 0.5, 0.5));
    }

    [Fact]
    public void BestF1_takes_the_threshold_no_other_beats()
    {
        var random = new Random(5);
        var scores = Enumerable.Range(0, 300).Select(_ => random.Next(100) / 100f).ToArray();
        var labels = scores.Select(s => random.NextDouble() < s * s ? 1f : 0f).ToArray();
        var best = ThresholdSelector.BestF1(scores, labels);
        var f1 = BinaryEvaluation.Compute(scores, labels, best, 0.5).Confusion.F1;

        Assert.All(Enumerable.Range(0, 101), t => Assert.True(BinaryEvaluation.Compute(scores, labels, t / 100f, 0.5).Confusion.F1 <= f1));
        Assert.Equal(0.5, ThresholdSelector.BestF1([0.1f], [0]));
    }
}
