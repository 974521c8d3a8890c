namespace Mev.Sdk.Storage.DuckDb;

/// <summary>The slots in which rows of the same transactions can be, as SQL: <c>a AND b</c>.</summary>
internal sealed class SlotRange
{
    /// <summary>
    /// A transaction lands at most 150 slots after its blockhash, and a pending sighting carries the slot it was seen in; the rest is
    /// allowance for sources that lag behind one another.
    /// </summary>
    private const ulong Margin = 512;

    private ulong _min = ulong.MaxValue;
    private ulong _max;

    public void Add(ulong slot)
    {
        _min = Math.Min(_min, slot);
        _max = Math.Max(_max, slot);
    }

    public override string ToString()
    {
        var from = _min == ulong.MaxValue || _min < Margin ? 0 : _min - Margin;
        var to = _max > ulong.MaxValue - Margin ? ulong.MaxValue : _max + Margin;
        return FormattableString.Invariant($"{from}::UBIGINT AND {to}::UBIGINT");
    }
}
