namespace Mev.Sdk;

/// <summary>What of the streams was really seen: the gap ledger.</summary>
/// <remarks>Thread-safe.</remarks>
public interface ICoverage
{
    /// <summary>Gaps noticed since the ledger began, healed ones included.</summary>
    long GapCount { get; }

    /// <summary>The gaps, oldest first.</summary>
    /// <returns>A snapshot.</returns>
    IReadOnlyList<CoverageGap> GetGaps();
}
