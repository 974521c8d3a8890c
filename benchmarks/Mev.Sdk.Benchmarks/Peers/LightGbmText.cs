using System.Globalization;
using System.Text;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers.FastTree;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>Writes the trees that ML.NET shows as LightGBM's model text, which ML.NET keeps to itself.</summary>
internal static class LightGbmText
{
    public static string Write(RegressionTreeEnsemble ensemble, int featureCount, PlattCalibrator calibrator)
    {
        if (ensemble.Bias != 0 || calibrator.Offset != 0 || ensemble.TreeWeights.Any(weight => weight != 1))
        {
            throw new InvalidOperationException("The ensemble has a bias, an offset or weights, which LightGBM's text cannot say.");
        }

        var text = new StringBuilder();
        text.Append("tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\n");
        Line(text, "max_feature_idx", [featureCount - 1]);
        text.Append(CultureInfo.InvariantCulture, $"objective=binary sigmoid:{-calibrator.Slope:R}\n");
        Line(text, "feature_names", Enumerable.Range(0, featureCount).Select(i => string.Create(CultureInfo.InvariantCulture, $"f{i}")));
        for (var i = 0; i < ensemble.Trees.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nTree={i}\n");
            Write(text, ensemble.Trees[i]);
        }

        return text.Append("\nend of trees\n").ToString();
    }

    private static void Write(StringBuilder text, RegressionTree tree)
    {
        if (tree.CategoricalSplitFlags.Any(flag => flag))
        {
            throw new InvalidOperationException("A tree has categorical splits.");
        }

        Line(text, "num_leaves", [tree.NumberOfLeaves]);
        Line(text, "num_cat", [0]);
        Line(text, "split_feature", tree.NumericalSplitFeatureIndexes);

        // As doubles: the shortest text of a float stands for another double, which the reader would round down to the float below.
        Line(text, "threshold", tree.NumericalSplitThresholds.Select(threshold => (double)threshold));
        Line(text, "decision_type", tree.LeftChild.Select(_ => 0));
        Line(text, "left_child", tree.LeftChild);
        Line(text, "right_child", tree.RightChild);
        Line(text, "leaf_value", tree.LeafValues);
    }

    private static void Line<T>(StringBuilder text, string key, IEnumerable<T> values) =>
        text.Append(key).Append('=').AppendJoin(' ', values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value}"))).Append('\n');
}
