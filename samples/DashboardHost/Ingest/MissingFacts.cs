using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Ingest;

/// <summary>What the ledger says of one source, in records.</summary>
/// <param name="Open">Missing and asked for.</param>
/// <param name="Final">Lost for good.</param>
/// <param name="Healed">Missing for a while.</param>
/// <param name="OpenEnded">Sessions whose end nobody knows: an unknown number, possibly none, is missing besides.</param>
internal readonly record struct MissingFacts(ulong Open, ulong Final, ulong Healed, int OpenEnded)
{
    /// <summary>Last sequence of a gap whose end is not known.</summary>
    public const ulong UnknownEnd = CoverageGap.UnknownEnd;

    /// <summary>Sums the ledger by source.</summary>
    public static Dictionary<string, MissingFacts> Of(IEnumerable<CoverageGap> gaps)
    {
        var sums = new Dictionary<string, MissingFacts>(StringComparer.Ordinal);
        foreach (var gap in gaps)
        {
            var sum = sums.GetValueOrDefault(gap.SourceName);
            var records = Records(gap);
            sums[gap.SourceName] = gap.State switch
            {
                GapState.Open => sum with { Open = sum.Open + (records ?? 0) },
                GapState.Healed => sum with { Healed = sum.Healed + (records ?? 0) },
                _ => sum with { Final = sum.Final + (records ?? 0) },
            };
            sums[gap.SourceName] = sums[gap.SourceName] with { OpenEnded = sum.OpenEnded + (records is null && gap.State != GapState.Healed ? 1 : 0) };
        }

        return sums;
    }

    /// <summary>How many records a gap stands for; null when nobody knows.</summary>
    public static ulong? Records(CoverageGap gap) =>
        gap.LastSequence == UnknownEnd ? null : gap.MissingRecords != 0 ? gap.MissingRecords : gap.LastSequence - gap.FirstSequence + 1;
}
