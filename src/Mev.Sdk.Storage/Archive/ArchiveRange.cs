using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive;

/// <summary>Which records of an archive are wanted; all of what is set must hold. The default wants all.</summary>
public readonly record struct ArchiveRange
{
    /// <summary>First LSN wanted; <see cref="Lsn.None"/> = from the oldest.</summary>
    public Lsn From { get; init; }

    /// <summary>Last LSN wanted; <see cref="Lsn.None"/> = to the newest.</summary>
    public Lsn To { get; init; }

    /// <summary>First slot wanted; null = any, also records that speak of no slot.</summary>
    public ulong? FirstSlot { get; init; }

    /// <summary>Last slot wanted; null = any, also records that speak of no slot.</summary>
    public ulong? LastSlot { get; init; }

    /// <summary>The kinds wanted. Blocks without any of them are not read; records of other kinds are left out.</summary>
    public TemplateSet Templates { get; init; }

    internal bool AsksForSlots => FirstSlot is not null || LastSlot is not null;

    internal ulong LastLsnValue => To == Lsn.None ? ulong.MaxValue : To.Value;

    /// <summary>Records of a range of slots.</summary>
    /// <param name="firstSlot">First slot wanted.</param>
    /// <param name="lastSlot">Last slot wanted.</param>
    /// <returns>The range.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public static ArchiveRange OfSlots(ulong firstSlot, ulong lastSlot)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstSlot, lastSlot);
        return new ArchiveRange { FirstSlot = firstSlot, LastSlot = lastSlot };
    }

    /// <summary>Records of a range of LSNs.</summary>
    /// <param name="from">First LSN wanted; <see cref="Lsn.None"/> = from the oldest.</param>
    /// <param name="to">Last LSN wanted; <see cref="Lsn.None"/> = to the newest.</param>
    /// <returns>The range.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public static ArchiveRange OfLsns(Lsn from, Lsn to = default)
    {
        if (to != Lsn.None)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        }

        return new ArchiveRange { From = from, To = to };
    }

    internal bool HoldsSlots(ulong firstSlot, ulong lastSlot) =>
        !AsksForSlots || (lastSlot != 0 && lastSlot >= (FirstSlot ?? 0) && firstSlot <= (LastSlot ?? ulong.MaxValue));
}
