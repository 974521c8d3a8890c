using System.Globalization;

namespace Mev.Sdk.Models.LightGbm;

/// <summary>How LightGBM fits; configuration section <c>Mev:LightGbm</c>. Names in brackets are LightGBM's own.</summary>
public sealed class LightGbmOptions
{
    /// <summary>Most trees (num_iterations), trees.</summary>
    /// <value>Default 300; 1 to 10,000.</value>
    public int MaxIterations { get; set; } = 300;

    /// <summary>Stop when the validation loss has not fallen for so many trees (early_stopping_round), trees.</summary>
    /// <value>Default 30; 1 to 10,000.</value>
    public int EarlyStoppingRounds { get; set; } = 30;

    /// <summary>Share of each tree that is taken (learning_rate).</summary>
    /// <value>Default 0.05; above 0 to 1.</value>
    public double LearningRate { get; set; } = 0.05;

    /// <summary>Most leaves a tree (num_leaves), leaves.</summary>
    /// <value>Default 31; 2 to 4,096.</value>
    public int Leaves { get; set; } = 31;

    /// <summary>Most levels a tree (max_depth), levels.</summary>
    /// <value>Default 0 = bounded by the leaves only; to 64.</value>
    public int MaxDepth { get; set; }

    /// <summary>Fewest rows a leaf (min_data_in_leaf), rows.</summary>
    /// <value>Default 30; 1 to 1,000,000.</value>
    public int MinRowsPerLeaf { get; set; } = 30;

    /// <summary>Penalty on large leaves (lambda_l2).</summary>
    /// <value>Default 1; 0 to 1,000,000.</value>
    public double L2 { get; set; } = 1;

    /// <summary>Weight of a positive row against a negative one (scale_pos_weight). Anything but 1 shifts the probabilities away from frequencies.</summary>
    /// <value>Default 1; above 0 to 1,000,000.</value>
    public double PositiveWeight { get; set; } = 1;

    /// <summary>Seed of everything that is drawn (seed). The same seed, rows and thread count give the same model text.</summary>
    /// <value>Default 7.</value>
    public int Seed { get; set; } = 7;

    /// <summary>Threads that fit (num_threads), threads.</summary>
    /// <value>Default 1, so that training never starves the live path; 1 to 1,024.</value>
    public int Threads { get; set; } = 1;

    internal IEnumerable<string> Validate()
    {
        return new[]
        {
            Check(nameof(MaxIterations), MaxIterations, 1, 10_000),
            Check(nameof(EarlyStoppingRounds), EarlyStoppingRounds, 1, 10_000),
            Check(nameof(LearningRate), LearningRate, double.Epsilon, 1),
            Check(nameof(Leaves), Leaves, 2, 4096),
            Check(nameof(MaxDepth), MaxDepth, 0, 64),
            Check(nameof(MinRowsPerLeaf), MinRowsPerLeaf, 1, 1_000_000),
            Check(nameof(L2), L2, 0, 1_000_000),
            Check(nameof(PositiveWeight), PositiveWeight, double.Epsilon, 1_000_000),
            Check(nameof(Threads), Threads, 1, 1024),
        }.OfType<string>();
    }

    // Deterministic wants one of the two histogram layouts fixed: docs, Parameters, "deterministic".
    internal string ToParameters() => string.Create(
        CultureInfo.InvariantCulture,
        $"objective=binary metric=binary_logloss boosting=gbdt num_leaves={Leaves} learning_rate={LearningRate} max_depth={(MaxDepth == 0 ? -1 : MaxDepth)} min_data_in_leaf={MinRowsPerLeaf} lambda_l2={L2} scale_pos_weight={PositiveWeight} seed={Seed} num_threads={Threads} deterministic=true force_row_wise=true verbosity=-1");

    private static string? Check(string name, double value, double least, double most) => value >= least && value <= most
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"Mev:LightGbm:{name} is {value}: choose {(least is double.Epsilon ? "above 0" : $"{least}")} to {most}.");
}
