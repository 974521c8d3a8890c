using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>Holds what arrived and what the ledger says against what was published.</summary>
internal static class Accounting
{
    /// <summary>Every record of 1 to <paramref name="published"/>, whose number is its sequence, arrived exactly once or is in the ledger.</summary>
    public static void EveryRecordIsAccountedFor(long published, IReadOnlyList<long> arrived, IEnumerable<CoverageGap> gaps)
    {
        var seen = new HashSet<long>();
        Assert.All(arrived, number => Assert.True(seen.Add(number), $"record {number} arrived twice"));
        Assert.All(arrived, number => Assert.InRange(number, 1, published));
        var missing = gaps.Where(gap => gap.State != GapState.Healed).ToArray();
        for (var number = 1L; number <= published; number++)
        {
            var isInLedger = missing.Any(gap => (ulong)number >= gap.FirstSequence && (ulong)number <= gap.LastSequence);
            Assert.True(seen.Contains(number) != isInLedger, $"record {number}: arrived {seen.Contains(number)}, in the ledger {isInLedger}");
        }
    }
}
