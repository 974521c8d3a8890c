namespace Mev.Sdk.Models.Evaluation;

/// <summary>Rows by what was said and what was true.</summary>
/// <param name="TruePositives">Said yes, was yes.</param>
/// <param name="FalsePositives">Said yes, was no.</param>
/// <param name="TrueNegatives">Said no, was no.</param>
/// <param name="FalseNegatives">Said no, was yes.</param>
public readonly record struct ConfusionCounts(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives)
{
    /// <summary>Share of true among those said yes; null when none was.</summary>
    public double? Precision => Share(TruePositives, FalsePositives);

    /// <summary>Share of the true ones that were found; null when there are none.</summary>
    public double? Recall => Share(TruePositives, FalseNegatives);

    /// <summary>Harmonic mean of precision and recall; null when nothing was yes or said yes.</summary>
    public double? F1
    {
        get
        {
            var all = (2.0 * TruePositives) + FalsePositives + FalseNegatives;
            return all == 0 ? null : 2 * TruePositives / all;
        }
    }

    internal ConfusionCounts Add(bool said, bool was) => (said, was) switch
    {
        (true, true) => this with { TruePositives = TruePositives + 1 },
        (true, false) => this with { FalsePositives = FalsePositives + 1 },
        (false, false) => this with { TrueNegatives = TrueNegatives + 1 },
        _ => this with { FalseNegatives = FalseNegatives + 1 },
    };

    private static double? Share(int part, int rest) => part + rest == 0 ? null : part / ((double)part + rest);
}
