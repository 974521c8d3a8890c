using Mev.Sdk.Records;

namespace Mev.Sdk;

/// <summary>How much of the streams is missing, in sum.</summary>
/// <param name="OpenGaps">Gaps whose records may yet come.</param>
/// <param name="OpenRecords">Records that they miss.</param>
/// <param name="FinalGaps">Gaps whose records will never come, sessions of unknown end left out.</param>
/// <param name="FinalRecords">Records that they miss: lost for good.</param>
/// <param name="UnknownEnds">Sessions of which nobody knows how far they went; what they published last is in no other number.</param>
/// <param name="LastLossAt">When something was last found to be lost for good, by the host's clock; null = never.</param>
public readonly record struct CoverageTotals(
    long OpenGaps, long OpenRecords, long FinalGaps, long FinalRecords, long UnknownEnds, DateTimeOffset? LastLossAt)
{
    /// <summary>Counts gaps.</summary>
    /// <param name="gaps">Gaps in any order; healed ones do not count.</param>
    /// <returns>The sums; those of records end at 2^63 - 1.</returns>
    public static CoverageTotals Of(IEnumerable<CoverageGap> gaps)
    {
        ArgumentNullException.ThrowIfNull(gaps);
        var totals = default(CoverageTotals);
        foreach (var gap in gaps)
        {
            var records = (long)Math.Min(gap.MissingRecords, long.MaxValue);
            if (gap.State == GapState.Open)
            {
                totals = totals with { OpenGaps = totals.OpenGaps + 1, OpenRecords = Add(totals.OpenRecords, records) };
            }
            else if (gap.State == GapState.Final)
            {
                totals = totals with
                {
                    FinalGaps = totals.FinalGaps + (gap.IsOpenEnded ? 0 : 1),
                    FinalRecords = Add(totals.FinalRecords, records),
                    UnknownEnds = totals.UnknownEnds + (gap.IsOpenEnded ? 1 : 0),
                    LastLossAt = totals.LastLossAt > gap.DetectedAt ? totals.LastLossAt : gap.DetectedAt,
                };
            }
        }

        return totals;
    }

    private static long Add(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
