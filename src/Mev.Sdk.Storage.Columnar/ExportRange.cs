namespace Mev.Sdk.Storage.Columnar;

/// <summary>What of a log or an archive is exported. The default is everything.</summary>
public readonly record struct ExportRange
{
    /// <summary>The first LSN; <see cref="Lsn.None"/> (default) = from the oldest.</summary>
    public Lsn FirstLsn { get; init; }

    /// <summary>The last LSN; <see cref="Lsn.None"/> (default) = to the newest.</summary>
    public Lsn LastLsn { get; init; }

    /// <summary>The first slot; 0 (default) = from the oldest.</summary>
    public ulong FirstSlot { get; init; }

    /// <summary>The last slot; 0 (default) = to the newest. With either slot given, records that name no slot are left out.</summary>
    public ulong LastSlot { get; init; }

    internal bool HasSlots => FirstSlot != 0 || LastSlot != 0;

    internal bool Contains(Lsn lsn) => lsn >= FirstLsn && !IsBehind(lsn);

    internal bool IsBehind(Lsn lsn) => LastLsn != Lsn.None && lsn > LastLsn;

    internal bool Contains(ulong slot) => slot >= FirstSlot && (LastSlot == 0 || slot <= LastSlot);

    internal void Check()
    {
        if ((LastLsn != Lsn.None && LastLsn < FirstLsn) || (LastSlot != 0 && LastSlot < FirstSlot))
        {
            throw new ArgumentException($"A range ends before it begins: LSN {FirstLsn} to {LastLsn}, slot {FirstSlot} to {LastSlot}.");
        }
    }
}
