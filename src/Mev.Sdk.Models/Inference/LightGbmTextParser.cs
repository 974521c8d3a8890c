using System.Globalization;

namespace Mev.Sdk.Models.Inference;

/// <summary>Reads LightGBM's model text: a header of key=value lines, one block a tree, "end of trees", then lines we do not need.</summary>
/// <remarks>Format: LightGBM 4.7, src/boosting/gbdt_model_text.cpp and src/io/tree.cpp (<c>Tree::ToString</c>, <c>Tree::NumericalDecision</c>).</remarks>
internal sealed class LightGbmTextParser
{
    // decision_type: bit 0 categorical, bit 1 default left, bits 2-3 missing type (tree.h: kCategoricalMask, kDefaultLeftMask).
    private const int CategoricalBit = 1;
    private const int DefaultLeftBit = 2;
    private const int MissingNone = 0;
    private const int MissingZero = 1;
    private const int MissingNaN = 2;

    private readonly string[] _lines;
    private readonly List<TreeNode> _nodes = [];
    private readonly List<double> _leaves = [];
    private readonly List<int> _roots = [];
    private int _at;
    private int _featureCount;

    public LightGbmTextParser(string text) => _lines = text.Split('\n');

    public TreeEnsemble Parse()
    {
        if (_lines[0].Trim() is not ("tree" or "tree\r"))
        {
            throw new ModelFormatException(1, $"a LightGBM model begins with 'tree', this begins with '{Shorten(_lines[0])}'.");
        }

        _at = 1;
        var header = ReadBlock("the header");
        if (header.Has("average_output"))
        {
            throw new ModelFormatException(header.Line("average_output"), "random forests (average_output) are not supported; train with boosting=gbdt.");
        }

        RequireOne(header, "num_class");
        RequireOne(header, "num_tree_per_iteration");
        _featureCount = header.Integer("max_feature_idx", 0, ushort.MaxValue) + 1;
        var names = header.Text("feature_names").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length != _featureCount)
        {
            throw new ModelFormatException(header.Line("feature_names"), $"{names.Length} feature names for {_featureCount} features.");
        }

        var (output, steepness) = ReadObjective(header);
        ReadTrees();
        return new TreeEnsemble([.. _nodes], [.. _leaves], [.. _roots], _featureCount, output, steepness, names);
    }

    private static (TreeOutput Output, double Steepness) ReadObjective(ModelTextBlock header)
    {
        if (!header.Has("objective"))
        {
            return (TreeOutput.Identity, 1);
        }

        var words = header.Text("objective").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words.FirstOrDefault())
        {
            case "binary":
                var steepness = 1.0;
                foreach (var word in words)
                {
                    if (word.StartsWith("sigmoid:", StringComparison.Ordinal)
                        && !(double.TryParse(word.AsSpan(8), NumberStyles.Float, CultureInfo.InvariantCulture, out steepness) && steepness > 0))
                    {
                        throw new ModelFormatException(header.Line("objective"), $"'{word}' is not a steepness above 0.");
                    }
                }

                return (TreeOutput.Sigmoid, steepness);
            case "cross_entropy":
                return (TreeOutput.Sigmoid, 1);
            case "regression" or "regression_l1" or "huber" or "fair" or "quantile" or "mape" when !words.Contains("sqrt", StringComparer.Ordinal):
                return (TreeOutput.Identity, 1);
            default:
                throw new ModelFormatException(
                    header.Line("objective"), $"objective '{string.Join(' ', words)}' is not supported: binary, cross_entropy and plain regression are.");
        }
    }

    private void ReadTrees()
    {
        while (true)
        {
            SkipBlankLines();
            if (_at >= _lines.Length)
            {
                throw new ModelFormatException(_lines.Length, "the text ends before 'end of trees': it is cut off.");
            }

            var line = _lines[_at].Trim();
            if (string.Equals(line, "end of trees", StringComparison.Ordinal))
            {
                return;
            }

            if (!string.Equals(line, string.Create(CultureInfo.InvariantCulture, $"Tree={_roots.Count}"), StringComparison.Ordinal))
            {
                throw new ModelFormatException(_at + 1, $"'Tree={_roots.Count}' or 'end of trees' was expected, found '{Shorten(line)}'.");
            }

            _at++;
            ReadTree(ReadBlock($"tree {_roots.Count}"));
        }
    }

    private void ReadTree(ModelTextBlock block)
    {
        var leafCount = block.Integer("num_leaves", 1, 1 << 24);
        if (block.Integer("num_cat", 0, int.MaxValue) != 0)
        {
            throw new ModelFormatException(block.Line("num_cat"), "categorical splits are not supported; train with numerical features only.");
        }

        if (block.Has("is_linear") && block.Integer("is_linear", 0, 1) != 0)
        {
            throw new ModelFormatException(block.Line("is_linear"), "linear leaves are not supported; train with linear_tree=false.");
        }

        var firstLeaf = _leaves.Count;
        var firstNode = _nodes.Count;
        _leaves.AddRange(block.Doubles("leaf_value", leafCount));
        if (leafCount == 1)
        {
            _roots.Add(~firstLeaf);
            return;
        }

        var splits = leafCount - 1;
        var features = block.Integers("split_feature", splits);
        var thresholds = block.Doubles("threshold", splits);
        var decisions = block.Integers("decision_type", splits);
        var left = block.Integers("left_child", splits);
        var right = block.Integers("right_child", splits);
        var reached = new bool[splits + leafCount];
        for (var i = 0; i < splits; i++)
        {
            if ((uint)features[i] >= (uint)_featureCount)
            {
                throw new ModelFormatException(block.Line("split_feature"), $"split {i} reads feature {features[i]}, the model has {_featureCount}.");
            }

            _nodes.Add(MakeNode(block, i, features[i], thresholds[i], decisions[i]) with
            {
                Left = Child(block, "left_child", i, left[i], reached, splits, firstNode, firstLeaf),
                Right = Child(block, "right_child", i, right[i], reached, splits, firstNode, firstLeaf),
            });
        }

        _roots.Add(firstNode);
    }

    private static TreeNode MakeNode(ModelTextBlock block, int split, int feature, double threshold, int decision)
    {
        var missing = (decision >> 2) & 3;
        if (decision is < 0 or > 15 || (decision & CategoricalBit) != 0 || missing > MissingNaN || double.IsNaN(threshold))
        {
            var line = block.Line(double.IsNaN(threshold) ? "threshold" : "decision_type");
            throw new ModelFormatException(line, $"split {split} has decision type {decision} and threshold {threshold}: only numerical splits are supported.");
        }

        var defaultLeft = (decision & DefaultLeftBit) != 0;
        return new TreeNode
        {
            Feature = (ushort)feature,
            Threshold = RoundDown(threshold),
            ZeroIsMissing = missing == MissingZero,

            // Without a missing type LightGBM compares 0 in place of NaN.
            MissingGoesLeft = missing == MissingNone ? threshold >= 0 : defaultLeft,
        };
    }

    // LightGBM numbers nodes in the order they were split, so a child's number is above its parent's; that also rules out cycles.
    private static int Child(ModelTextBlock block, string key, int split, int child, bool[] reached, int splits, int firstNode, int firstLeaf)
    {
        var isLeaf = child < 0;
        var index = isLeaf ? ~child : child;
        var slot = isLeaf ? splits + index : index;
        if (isLeaf ? index > splits : index <= split || index >= splits)
        {
            throw new ModelFormatException(block.Line(key), $"split {split} leads to {(isLeaf ? "leaf" : "split")} {index}, which does not lie behind it in this tree.");
        }

        if (reached[slot])
        {
            throw new ModelFormatException(block.Line(key), $"{(isLeaf ? "leaf" : "split")} {index} is reached twice.");
        }

        reached[slot] = true;
        return isLeaf ? ~(firstLeaf + index) : firstNode + index;
    }

    private static float RoundDown(double threshold)
    {
        var rounded = (float)threshold;
        return rounded > threshold ? MathF.BitDecrement(rounded) : rounded;
    }

    private static void RequireOne(ModelTextBlock block, string key)
    {
        if (block.Integer(key, 1, int.MaxValue) != 1)
        {
            throw new ModelFormatException(block.Line(key), $"{key} is {block.Text(key)}: models of several classes are not supported.");
        }
    }

    private ModelTextBlock ReadBlock(string name)
    {
        var block = new ModelTextBlock(name, _at);
        while (_at < _lines.Length && !string.IsNullOrWhiteSpace(_lines[_at]))
        {
            block.Add(_lines[_at].TrimEnd('\r'), _at + 1);
            _at++;
        }

        return block;
    }

    private void SkipBlankLines()
    {
        while (_at < _lines.Length && string.IsNullOrWhiteSpace(_lines[_at]))
        {
            _at++;
        }
    }

    private static string Shorten(string line) => line.Length <= 40 ? line.Trim() : line[..40] + "...";
}
