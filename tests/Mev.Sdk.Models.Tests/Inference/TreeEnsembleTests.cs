using Mev.Sdk.Models.Inference;

namespace Mev.Sdk.Models.Tests.Inference;

public sealed class TreeEnsembleTests
{
    // decision_type: 2 = default left; 0, 4, 8 = missing None, Zero, NaN.
    private const int None = 0;
    private const int Zero = 4;
    private const int NaN = 8;
    private const int Left = 2;

    [Theory]
    [InlineData(0.5f, 10f, -1)]
    [InlineData(0.5f, 10.001f, 0.25)]
    [InlineData(0.501f, 0f, 2)]
    [InlineData(float.PositiveInfinity, 0f, 2)]
    [InlineData(float.NegativeInfinity, float.PositiveInfinity, 0.25)]
    public void Predict_values_at_and_around_thresholds_take_the_side_lightgbm_takes(float a, float b, double leaf) =>
        AssertLeaf(leaf, ModelTexts.WithDecisions(None, None), a, b);

    [Theory]
    [InlineData(None, None, float.NaN, 11f, 0.25)]
    [InlineData(None, None, float.NaN, float.NaN, -1)]
    [InlineData(NaN | Left, None, float.NaN, 11f, 0.25)]
    [InlineData(NaN, None, float.NaN, 11f, 2)]
    [InlineData(NaN | Left, NaN, float.NaN, float.NaN, 0.25)]
    [InlineData(NaN | Left, NaN | Left, float.NaN, float.NaN, -1)]
    [InlineData(Zero, None, 0f, 0f, 2)]
    [InlineData(Zero, None, float.NaN, 0f, 2)]
    [InlineData(Zero, None, 1e-36f, 0f, 2)]
    [InlineData(Zero, None, -1e-36f, 0f, 2)]
    [InlineData(Zero, None, 1e-34f, 0f, -1)]
    [InlineData(Zero | Left, Zero, 0f, 0f, 0.25)]
    public void Predict_missing_values_follow_the_splits_missing_type(int first, int second, float a, float b, double leaf) =>
        AssertLeaf(leaf, ModelTexts.WithDecisions(first, second), a, b);

    [Fact]
    public void Predict_missing_value_where_the_split_knows_none_is_compared_as_zero() =>
        AssertLeaf(2, ModelTexts.WithDecisions(None, None).Replace("threshold=0.5 10", "threshold=-0.5 10", StringComparison.Ordinal), float.NaN, 0);

    [Fact]
    public void Predict_threshold_between_two_floats_decides_as_doubles_do()
    {
        // Just below and just above the float 0.1: only the second takes 0.1f to the left.
        var at = (double)0.1f;
        foreach (var (threshold, leaf) in new[] { (Math.BitDecrement(at), 2.0), (at, -1.0), (Math.BitIncrement(at), -1.0) })
        {
            var text = ModelTexts.WithDecisions(None, None).Replace(
                "threshold=0.5 10", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"threshold={threshold:R} 10"), StringComparison.Ordinal);
            AssertLeaf(leaf, text, 0.1f, 0);
        }
    }

    [Fact]
    public void Predict_objectives_transform_the_sum()
    {
        var binary = ModelTexts.WithDecisions(None, None);
        var steep = binary.Replace("sigmoid:1", "sigmoid:2", StringComparison.Ordinal);
        var regression = binary.Replace("objective=binary sigmoid:1", "objective=regression", StringComparison.Ordinal);

        Assert.Equal(1 / (1 + Math.Exp(-2.125)), TreeEnsemble.Parse(binary).Predict([1, 0]), 6);
        Assert.Equal(1 / (1 + Math.Exp(-4.25)), TreeEnsemble.Parse(steep).Predict([1, 0]), 6);
        Assert.Equal(2.125f, TreeEnsemble.Parse(regression).Predict([1, 0]));
        Assert.Equal(TreeOutput.Identity, TreeEnsemble.Parse(regression).Output);
    }

    [Fact]
    public void Predict_batch_equals_single_rows()
    {
        var model = TreeEnsemble.Parse(ModelTexts.WithDecisions(NaN | Left, Zero));
        var rows = new float[] { 0, 0, 1, 1, float.NaN, 20, 0.4f, 9, 0.4f, float.NaN };
        var scores = new float[5];

        model.Predict(rows, scores);

        for (var i = 0; i < scores.Length; i++)
        {
            Assert.Equal(model.Predict(rows.AsSpan(i * 2, 2)), scores[i]);
        }
    }

    [Fact]
    public void Predict_allocates_nothing()
    {
        var model = TreeEnsemble.Parse(ModelTexts.WithDecisions(NaN | Left, NaN));
        var rows = new float[200];
        var scores = new float[100];
        model.Predict(rows, scores);
        var before = GC.GetAllocatedBytesForCurrentThread();
        model.Predict(rows, scores);
        model.Predict(rows.AsSpan(0, 2));

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Predict_wrong_width_is_refused()
    {
        var model = TreeEnsemble.Parse(ModelTexts.WithDecisions(0, 0));

        Assert.Contains("takes 2 features", Assert.Throws<ArgumentException>(() => model.Predict(new float[1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Predict(new float[5], new float[2]));
    }

    [Theory]
    [InlineData("tree\n", "forest\n", 1, "begins with 'tree'")]
    [InlineData("num_class=1", "num_class=3", 3, "several classes")]
    [InlineData("num_tree_per_iteration=1", "num_tree_per_iteration=x", 4, "not a number")]
    [InlineData("max_feature_idx=1", "max_feature_idx=0", 8, "2 feature names for 1")]
    [InlineData("objective=binary sigmoid:1", "objective=poisson", 7, "'poisson' is not supported")]
    [InlineData("objective=binary sigmoid:1", "objective=binary sigmoid:-1", 7, "not a steepness")]
    [InlineData("label_index=0", "average_output", 5, "random forests")]
    [InlineData("num_cat=0", "num_cat=2", 14, "categorical splits are not supported")]
    [InlineData("decision_type=0 0", "decision_type=1 0", 18, "only numerical")]
    [InlineData("decision_type=0 0", "decision_type=0 12", 18, "only numerical")]
    [InlineData("threshold=0.5 10", "threshold=0.5 nan", 17, "only numerical")]
    [InlineData("threshold=0.5 10", "threshold=0.5", 17, "1 values, 2 were expected")]
    [InlineData("threshold=0.5 10", "threshold=0.5 1O", 17, "'1O', not a number")]
    [InlineData("split_feature=0 1", "split_feature=0 2", 15, "reads feature 2")]
    [InlineData("split_feature=0 1", "split_feature=0 b", 15, "not an integer")]
    [InlineData("left_child=1 -1", "left_child=0 -1", 19, "does not lie behind it")]
    [InlineData("left_child=1 -1", "left_child=1 -4", 19, "does not lie behind it")]
    [InlineData("left_child=1 -1", "left_child=1 -3", 19, "reached twice")]
    [InlineData("is_linear=0", "is_linear=1", 27, "linear leaves")]
    [InlineData("num_leaves=3", "num_leaves=0", 13, "not a number from 1")]
    [InlineData("Tree=1", "Tree=2", 31, "'Tree=1' or 'end of trees'")]
    [InlineData("shrinkage=1", "num_cat=0", 28, "occurs twice")]
    [InlineData("leaf_value=-1 0.25 2", "leaf_valu=-1 0.25 2", 12, "no 'leaf_value'")]
    public void Parse_altered_text_is_refused_with_its_line(string original, string altered, int line, string expected)
    {
        var text = ModelTexts.WithDecisions(0, 0);
        var at = text.IndexOf(original, StringComparison.Ordinal);
        Assert.True(at >= 0);
        var error = Assert.Throws<ModelFormatException>(() => TreeEnsemble.Parse(text[..at] + altered + text[(at + original.Length)..]));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
        Assert.StartsWith($"Line {line}:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_text_cut_off_anywhere_before_its_last_tree_ends_is_refused()
    {
        var text = ModelTexts.WithDecisions(0, 0);
        var end = text.IndexOf("end of trees", StringComparison.Ordinal) + "end of trees".Length;
        for (var length = 0; length < end; length++)
        {
            Assert.Throws<ModelFormatException>(() => TreeEnsemble.Parse(text[..length]));
        }

        Assert.Equal(2, TreeEnsemble.Parse(text[..end]).TreeCount);
    }

    [Fact]
    public void Parse_windows_line_ends_are_understood() => Assert.Equal(
        4, TreeEnsemble.Parse(ModelTexts.WithDecisions(0, 0).Replace("\n", "\r\n", StringComparison.Ordinal)).LeafCount);

    private static void AssertLeaf(double leaf, string text, float a, float b)
    {
        var identity = text.Replace("objective=binary sigmoid:1", "objective=regression", StringComparison.Ordinal);

        Assert.Equal((float)(leaf + 0.125), TreeEnsemble.Parse(identity).Predict([a, b]));
    }
}
