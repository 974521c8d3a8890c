using System.Globalization;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A stretch of a table's range column: slots, or instants; both ends belong to it.</summary>
/// <param name="Range">What the numbers are.</param>
/// <param name="First">First slot, or first microsecond since the Unix epoch.</param>
/// <param name="Last">Last slot, or last microsecond since the Unix epoch.</param>
public readonly record struct HistorySpan(HistoryRange Range, Int128 First, Int128 Last)
{
    /// <summary>Whether nothing lies in it.</summary>
    public bool IsEmpty => First > Last;

    /// <summary>Slots or microseconds in it; 0 when it is empty.</summary>
    public Int128 Width => IsEmpty ? 0 : Last - First + 1;

    /// <summary>Everything that a table can hold.</summary>
    /// <param name="range">What the table is ordered by.</param>
    /// <returns>All slots, or all instants.</returns>
    public static HistorySpan All(HistoryRange range) => range == HistoryRange.Slot ? new(range, 0, ulong.MaxValue) : new(range, long.MinValue, long.MaxValue);

    /// <summary>Makes a stretch of slots.</summary>
    /// <param name="first">First slot.</param>
    /// <param name="last">Last slot.</param>
    /// <returns>The stretch.</returns>
    public static HistorySpan Slots(ulong first, ulong last) => new(HistoryRange.Slot, first, last);

    /// <summary>Makes a stretch of time.</summary>
    /// <param name="from">First instant.</param>
    /// <param name="until">The instant behind the last one.</param>
    /// <returns>The stretch.</returns>
    public static HistorySpan Times(DateTimeOffset from, DateTimeOffset until) =>
        new(HistoryRange.Time, HistoryValue.Timestamp(from).AsMicroseconds(), HistoryValue.Timestamp(until).AsMicroseconds() - 1);

    /// <summary>What two stretches have in common.</summary>
    /// <param name="other">The other one, of the same kind.</param>
    /// <returns>The stretch; empty when they have nothing in common.</returns>
    public HistorySpan Intersect(HistorySpan other) => new(Range, Int128.Max(First, other.First), Int128.Min(Last, other.Last));

    /// <inheritdoc/>
    public override string ToString() => Range == HistoryRange.Time
        ? $"{Text(First)} to {Text(Last)}"
        : string.Create(CultureInfo.InvariantCulture, $"slots {First} to {Last}");

    private static string Text(Int128 microseconds) =>
        microseconds == long.MinValue ? "the beginning" : microseconds == long.MaxValue ? "the end" : HistoryValue.Timestamp((long)microseconds).ToString();
}
