namespace Mev.Sdk;

/// <summary>What of the streams was really seen: the gap ledger.</summary>
/// <remarks>Thread-safe. A gap whose bounds are unknown counts as touching every range on its unknown side: doubt is shown, not hidden.</remarks>
public interface ICoverage
{
    /// <summary>Gaps noticed since the ledger began, healed ones included.</summary>
    long GapCount { get; }

    /// <summary>How much is missing, in sum. The default counts <see cref="GetGaps"/>; a ledger that keeps sums answers without.</summary>
    /// <returns>A snapshot.</returns>
    CoverageTotals GetTotals() => CoverageTotals.Of(GetGaps());

    /// <summary>The gaps, oldest first.</summary>
    /// <returns>A snapshot.</returns>
    IReadOnlyList<CoverageGap> GetGaps();

    /// <summary>The gaps, healed ones left out, that may leave something of a range of slots unseen.</summary>
    /// <param name="firstSlot">First slot of the range.</param>
    /// <param name="lastSlot">Last slot of the range.</param>
    /// <returns>A snapshot, oldest first; empty = nothing known is missing.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    IReadOnlyList<CoverageGap> GetGapsOfSlots(ulong firstSlot, ulong lastSlot);

    /// <summary>The gaps, healed ones left out, that lie within a range of LSNs.</summary>
    /// <param name="first">First LSN of the range.</param>
    /// <param name="last">Last LSN of the range.</param>
    /// <returns>A snapshot, oldest first; empty = nothing known is missing.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    IReadOnlyList<CoverageGap> GetGapsOfLsns(Lsn first, Lsn last);
}
