using System.Globalization;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>A day of rows: what is moved between tiers at once.</summary>
/// <param name="Range">Whether it is a day of slots or of time.</param>
/// <param name="Day">Slot / <see cref="SlotsPerDay"/>, or days since the Unix epoch in UTC.</param>
public readonly record struct TierPartition(HistoryRange Range, long Day)
{
    /// <summary>Slots in a day of slots, of 400 ms each: half an epoch.</summary>
    public const long SlotsPerDay = 216_000;

    private const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>First slot, or first microsecond since the Unix epoch.</summary>
    public Int128 First => (Int128)Day * Length;

    /// <summary>Last slot, or last microsecond since the Unix epoch.</summary>
    public Int128 Last => First + Length - 1;

    /// <summary>The tables whose rows it has.</summary>
    public IEnumerable<HistoryTable> Tables
    {
        get
        {
            var range = Range;
            return HistoryTables.All.Where(table => table.Range == range);
        }
    }

    /// <summary>Days of slots first, each kind ascending.</summary>
    internal static IComparer<TierPartition> Order { get; } =
        Comparer<TierPartition>.Create(static (left, right) => left.Range != right.Range ? left.Range.CompareTo(right.Range) : left.Day.CompareTo(right.Day));

    private long Length => Range == HistoryRange.Slot ? SlotsPerDay : MicrosecondsPerDay;

    /// <summary>The partition of a slot.</summary>
    /// <param name="slot">Any slot.</param>
    /// <returns>Its day of slots.</returns>
    public static TierPartition OfSlot(ulong slot) => new(HistoryRange.Slot, (long)(slot / SlotsPerDay));

    /// <summary>The partition of an instant.</summary>
    /// <param name="microseconds">Microseconds since the Unix epoch, UTC.</param>
    /// <returns>Its day.</returns>
    public static TierPartition OfTime(long microseconds) => new(HistoryRange.Time, (microseconds / MicrosecondsPerDay) - (microseconds % MicrosecondsPerDay < 0 ? 1 : 0));

    /// <summary>Reads what <see cref="ToString"/> gives.</summary>
    /// <param name="text">Such as <c>slot-1319</c>.</param>
    /// <param name="partition">The partition.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TierPartition partition)
    {
        var range = text.StartsWith("slot-", StringComparison.Ordinal) ? HistoryRange.Slot : text.StartsWith("time-", StringComparison.Ordinal) ? HistoryRange.Time : HistoryRange.None;
        if (range != HistoryRange.None && long.TryParse(text[5..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var day))
        {
            partition = new TierPartition(range, day);
            return true;
        }

        partition = default;
        return false;
    }

    /// <summary>Its name, as the catalogue and parts have it: <c>slot-1319</c>, <c>time-20780</c>.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Range == HistoryRange.Slot ? "slot" : "time")}-{Day}");
}
