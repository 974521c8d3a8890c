using System.Globalization;

namespace Mev.Sdk;

/// <summary>Log sequence number: the identity that the host's sequencer gives every record before anyone sees it.</summary>
/// <remarks>
/// A 16-bit log id in the upper bits and a 48-bit counter below. Within one log the order of LSNs is the order of records. Numbers may be
/// skipped (a restart skips every number that may have been handed out) and are never given twice. 0 means "none".
/// </remarks>
/// <param name="Value">The raw 64-bit value: log id &lt;&lt; 48 | counter.</param>
public readonly record struct Lsn(ulong Value) : IComparable<Lsn>
{
    /// <summary>Bits of the counter; the log id occupies the bits above.</summary>
    public const int CounterBits = 48;

    /// <summary>The largest counter value.</summary>
    public const ulong MaxCounter = (1UL << CounterBits) - 1;

    /// <summary>No LSN; smaller than every LSN that is handed out.</summary>
    public static Lsn None => default;

    /// <summary>Combines a log id and a counter.</summary>
    /// <param name="logId">The log's id.</param>
    /// <param name="counter">The counter, at most <see cref="MaxCounter"/>.</param>
    /// <returns>The combined number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The counter does not fit 48 bits.</exception>
    public static Lsn Create(ushort logId, ulong counter)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(counter, MaxCounter);
        return new Lsn(((ulong)logId << CounterBits) | counter);
    }

    /// <summary>The log this number belongs to.</summary>
    public ushort LogId => (ushort)(Value >> CounterBits);

    /// <summary>The position within the log, starting at 1.</summary>
    public ulong Counter => Value & MaxCounter;

    /// <summary>The number <paramref name="count"/> records further on.</summary>
    /// <param name="count">How many records to advance by.</param>
    /// <returns>The advanced number.</returns>
    public Lsn Add(ulong count) => new(Value + count);

    /// <inheritdoc/>
    public int CompareTo(Lsn other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LogId}:{Counter}");

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(Lsn left, Lsn right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(Lsn left, Lsn right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> does not come after <paramref name="right"/>.</summary>
    public static bool operator <=(Lsn left, Lsn right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> does not come before <paramref name="right"/>.</summary>
    public static bool operator >=(Lsn left, Lsn right) => left.Value >= right.Value;
}
