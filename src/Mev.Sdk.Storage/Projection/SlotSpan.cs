namespace Mev.Sdk.Storage.Projection;

/// <summary>The slots in which rows about the same transactions can be: what bounds a merge, so that it looks at no older rows.</summary>
/// <param name="First">The first slot.</param>
/// <param name="Last">The last slot; below the first when there are none.</param>
public readonly record struct SlotSpan(ulong First, ulong Last)
{
    /// <summary>
    /// Slots that are added on either side. A transaction lands at most 150 slots after its blockhash, and a pending sighting carries the slot it was seen in; the rest is
    /// allowance for sources that lag behind one another.
    /// </summary>
    public const ulong Margin = 512;

    /// <summary>No slots.</summary>
    public static SlotSpan None => new(ulong.MaxValue, 0);

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => First > Last;

    /// <summary>The span with a slot and its margins.</summary>
    /// <param name="slot">The slot.</param>
    /// <returns>The wider span.</returns>
    public SlotSpan With(ulong slot)
    {
        var from = slot < Margin ? 0 : slot - Margin;
        var to = slot > ulong.MaxValue - Margin ? ulong.MaxValue : slot + Margin;
        return new(Math.Min(First, from), Math.Max(Last, to));
    }
}
