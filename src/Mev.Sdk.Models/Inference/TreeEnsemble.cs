using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Models.Inference;

/// <summary>A boosted tree ensemble scored in managed code, decided exactly as LightGBM decides.</summary>
/// <remarks>
/// <para>Numerical splits with every kind of missing value are understood; categorical splits, linear leaves and several classes are refused when
/// the text is parsed. Leaves are summed as doubles in the order of the trees, as LightGBM sums them.</para>
/// <para>Thresholds are kept as floats: for a float x, x &lt;= t holds exactly when x &lt;= the greatest float that is not above t.</para>
/// <para>Immutable and thread-safe; nothing is allocated a call.</para>
/// </remarks>
/// <example>
/// <code>
/// var model = TreeEnsemble.Parse(File.ReadAllText("model.txt"));
/// float probability = model.Predict(vector);
/// </code>
/// </example>
public sealed class TreeEnsemble : IPredictor
{
    // LightGBM, meta.h: kZeroThreshold. Its decisions compare doubles, so do we.
    private const double ZeroThreshold = 1e-35f;

    private readonly TreeNode[] _nodes;
    private readonly double[] _leaves;
    private readonly int[] _roots;
    private readonly double _steepness;
    private readonly bool _treatsZeroAsMissing;

    internal TreeEnsemble(TreeNode[] nodes, double[] leaves, int[] roots, int featureCount, TreeOutput output, double steepness, IReadOnlyList<string> featureNames)
    {
        _nodes = nodes;
        _leaves = leaves;
        _roots = roots;
        _steepness = steepness;
        _treatsZeroAsMissing = nodes.Any(static n => n.ZeroIsMissing);
        FeatureCount = featureCount;
        Output = output;
        FeatureNames = featureNames;
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <summary>Trees.</summary>
    public int TreeCount => _roots.Length;

    /// <summary>Leaves of all trees.</summary>
    public int LeafCount => _leaves.Length;

    /// <summary>What the sum of leaves becomes.</summary>
    public TreeOutput Output { get; }

    /// <summary>Names of the features as the text has them, in order.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Reads LightGBM's model text.</summary>
    /// <param name="text">The whole text, as <c>save_model</c> writes it (format v3 or v4).</param>
    /// <returns>The ensemble.</returns>
    /// <exception cref="ModelFormatException">The text is malformed, cut off, or of a kind that is not supported; the message names the line.</exception>
    public static TreeEnsemble Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new LightGbmTextParser(text).Parse();
    }

    /// <inheritdoc/>
    public float Predict(ReadOnlySpan<float> row)
    {
        if (row.Length < FeatureCount)
        {
            throw new ArgumentException($"The model takes {FeatureCount} features, the row has {row.Length}.", nameof(row));
        }

        return Transform(Sum(row));
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> rows, Span<float> scores)
    {
        if (rows.Length != (long)scores.Length * FeatureCount)
        {
            throw new ArgumentException(
                $"{scores.Length} scores need {(long)scores.Length * FeatureCount} values of {FeatureCount} features a row, the rows have {rows.Length}.", nameof(rows));
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = Transform(Sum(rows.Slice(i * FeatureCount, FeatureCount)));
        }
    }

    private float Transform(double sum) => Output == TreeOutput.Sigmoid ? (float)(1 / (1 + Math.Exp(-_steepness * sum))) : (float)sum;

    private double Sum(ReadOnlySpan<float> row)
    {
        if (_treatsZeroAsMissing)
        {
            return SumWithZeroAsMissing(row);
        }

        // Unchecked access: the parser proved that every feature index is below FeatureCount, that children lie behind their parent within
        // the tree, and that every leaf index is below the number of leaves; the callers proved the row's length.
        ref var values = ref MemoryMarshal.GetReference(row);
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        ref var leaves = ref MemoryMarshal.GetArrayDataReference(_leaves);
        var roots = _roots;
        var sum = 0.0;
        var t = 0;

        // Four trees at a time: each step of one waits for memory, the four wait together.
        for (; t + 4 <= roots.Length; t += 4)
        {
            int a = roots[t], b = roots[t + 1], c = roots[t + 2], d = roots[t + 3];
            while ((a & b & c & d) >= 0)
            {
                a = a < 0 ? a : Step(ref nodes, ref values, a);
                b = b < 0 ? b : Step(ref nodes, ref values, b);
                c = c < 0 ? c : Step(ref nodes, ref values, c);
                d = d < 0 ? d : Step(ref nodes, ref values, d);
            }

            sum += Unsafe.Add(ref leaves, ~a);
            sum += Unsafe.Add(ref leaves, ~b);
            sum += Unsafe.Add(ref leaves, ~c);
            sum += Unsafe.Add(ref leaves, ~d);
        }

        for (; t < roots.Length; t++)
        {
            var at = roots[t];
            while (at >= 0)
            {
                at = Step(ref nodes, ref values, at);
            }

            sum += Unsafe.Add(ref leaves, ~at);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Step(ref TreeNode nodes, ref float values, int at)
    {
        ref var node = ref Unsafe.Add(ref nodes, at);
        var value = Unsafe.Add(ref values, node.Feature);

        // !(x > t) is true for NaN, x <= t is false for it: the side of missing values picks the comparison.
        var left = node.MissingGoesLeft ? !(value > node.Threshold) : value <= node.Threshold;
        return left ? node.Left : node.Right;
    }

    private double SumWithZeroAsMissing(ReadOnlySpan<float> row)
    {
        var sum = 0.0;
        foreach (var root in _roots)
        {
            var at = root;
            while (at >= 0)
            {
                ref readonly var node = ref _nodes[at];
                var value = row[node.Feature];
                if (node.ZeroIsMissing && (float.IsNaN(value) || Math.Abs((double)value) <= ZeroThreshold))
                {
                    at = node.MissingGoesLeft ? node.Left : node.Right;
                }
                else
                {
                    at = Step(ref MemoryMarshal.GetArrayDataReference(_nodes), ref MemoryMarshal.GetReference(row), at);
                }
            }

            sum += _leaves[~at];
        }

        return sum;
    }
}
