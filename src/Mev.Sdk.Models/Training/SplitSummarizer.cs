using Mev.Sdk.Features.Sets;
using Mev.Sdk.Models.Evaluation;

namespace Mev.Sdk.Models.Training;

internal sealed class SplitSummarizer(TrainingSet set, float[] scores, double threshold, double baseline)
{
    private readonly int _swapCount = set.Schema.Columns.ToList().FindIndex(static c => string.Equals(c.Name, "swap.count", StringComparison.Ordinal));

    public SplitSummary Summarize(RowRange range)
    {
        var labels = set.Labels.Span.Slice(range.First, range.Count);
        return new SplitSummary(
            range.Count,
            set.LsnAt(range.First).Value,
            set.LsnAt(range.End - 1).Value,
            set.SlotAt(range.First),
            set.SlotAt(range.End - 1),
            BinaryEvaluation.Compute(scores.AsSpan(range.First, range.Count), labels, threshold, baseline),
            SwapsOnly(range));
    }

    private BinaryEvaluation? SwapsOnly(RowRange range)
    {
        if (_swapCount < 0)
        {
            return null;
        }

        var swapScores = new List<float>();
        var swapLabels = new List<float>();
        for (var row = range.First; row < range.End; row++)
        {
            if (set.RowAt(row)[_swapCount] > 0)
            {
                swapScores.Add(scores[row]);
                swapLabels.Add(set.Labels.Span[row]);
            }
        }

        return BinaryEvaluation.Compute(swapScores.ToArray(), swapLabels.ToArray(), threshold, baseline);
    }
}
