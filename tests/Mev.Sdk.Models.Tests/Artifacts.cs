using Mev.Sdk.Features;
using Mev.Sdk.Models.Evaluation;

namespace Mev.Sdk.Models.Tests;

internal static class Artifacts
{
    public static readonly FeatureSchema Schema = new FeatureEngine().Schema;

    /// <summary>One split on the number of swaps: 0 swaps low, more high.</summary>
    public static string ModelText { get; } = $"""
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx={Schema.Count - 1}
        objective=binary sigmoid:1
        feature_names={string.Join(' ', Schema.Columns.Select(static c => c.Name))}
        feature_infos={string.Join(' ', Schema.Columns.Select(static _ => "none"))}
        tree_sizes=1

        Tree=0
        num_leaves=2
        num_cat=0
        split_feature=3
        split_gain=1
        threshold=0.5
        decision_type=2
        left_child=-1
        right_child=-2
        leaf_value=-2 2
        is_linear=0
        shrinkage=1


        end of trees
        """;

    public static ModelArtifact Create(string version = "20260102T030405Z-00000001") => new(Manifest(version), ModelText);

    public static ModelManifest Manifest(string version)
    {
        var part = new SplitSummary(
            2, 1, 2, 10, 11, BinaryEvaluation.Compute([0.2f, 0.8f], [0, 1], 0.5, 0.5), BinaryEvaluation.Compute([0.8f], [1], 0.5, 0.5));
        return new ModelManifest
        {
            Version = version,
            CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            SchemaHash = Schema.HashText,
            Columns = Schema.Columns,
            Threshold = 0.5,
            TrainedOn = "a stretch made up for a test",
            IsSimulated = true,
            LabelWindowSlots = 8,
            Trainer = "by hand",
            Parameters = "none",
            Iterations = 1,
            PurgedRows = 3,
            Train = part,
            Validation = part,
            Test = part,
        };
    }
}
