namespace Mev.Sdk.Models.Tests.Inference;

/// <summary>Model texts small enough to follow by hand, in the layout LightGBM 4.7 writes.</summary>
internal static class ModelTexts
{
    /// <summary>Two trees over two features; the second is a stump that is one leaf.</summary>
    public const string Small = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=1
        objective=binary sigmoid:1
        feature_names=a b
        feature_infos=[0:1] [0:1]
        tree_sizes=300 100

        Tree=0
        num_leaves=3
        num_cat=0
        split_feature=0 1
        split_gain=1 1
        threshold=0.5 10
        decision_type=DECISION0 DECISION1
        left_child=1 -1
        right_child=-3 -2
        leaf_value=-1 0.25 2
        leaf_weight=1 1 1
        leaf_count=1 1 1
        internal_value=0 0
        internal_weight=0 0
        internal_count=3 2
        is_linear=0
        shrinkage=1


        Tree=1
        num_leaves=1
        num_cat=0
        split_feature=
        split_gain=
        threshold=
        decision_type=
        left_child=
        right_child=
        leaf_value=0.125
        leaf_weight=
        leaf_count=
        internal_value=
        internal_weight=
        internal_count=
        is_linear=0
        shrinkage=1


        end of trees

        feature_importances:
        a=1

        parameters:
        [boosting: gbdt]
        end of parameters

        pandas_categorical:null
        """;

    public static string WithDecisions(int first, int second) => Small
        .Replace("DECISION0", first.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("DECISION1", second.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
