namespace Mev.Sdk.Ingest.Session;

/// <content>What sources of other kinds than engines write.</content>
public sealed partial class GapLedger
{
    /// <summary>Writes a gap down with its slots and its cause, or what became of one: the same range again with another state.</summary>
    /// <remarks>When it was noticed and how many records it misses are filled in.</remarks>
    /// <param name="gap">The gap.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public void Report(CoverageGap gap)
    {
        ArgumentNullException.ThrowIfNull(gap);
        ArgumentException.ThrowIfNullOrWhiteSpace(gap.SourceName);
        ArgumentOutOfRangeException.ThrowIfLessThan(gap.LastSequence, gap.FirstSequence);
        Add(gap);
    }
}
