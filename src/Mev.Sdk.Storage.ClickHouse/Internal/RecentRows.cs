using System.Buffers.Binary;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>
/// Which row each of the latest signatures belongs to, over at least the window of the <see cref="SightingFilter"/> beside it: so every sighting that the filter calls repeated has its row here,
/// and the table is asked only about what is older.
/// </summary>
/// <remarks>Keyed by the signature's first 8 bytes, which on random bytes is as good as a hash; whoever uses an answer compares the whole signature.</remarks>
internal sealed class RecentRows
{
    private const int Window = 500_000;
    private readonly Queue<(ulong First, int Count, ulong LastSlot)> _ranges = new();
    private Dictionary<ulong, (ulong Lsn, ulong Slot)> _young = [];
    private Dictionary<ulong, (ulong Lsn, ulong Slot)> _old = [];
    private int _count;

    /// <summary>Begins anew.</summary>
    /// <param name="lastSlot">The greatest slot that the table holds; null when it is empty.</param>
    public RecentRows(ulong? lastSlot) => OlderSlot = lastSlot;

    /// <summary>The greatest slot of rows that are not known here; null when there are none.</summary>
    public ulong? OlderSlot { get; private set; }

    /// <summary>Rows with this LSN and later ones are all known here.</summary>
    public ulong KnownFrom => _ranges.TryPeek(out var range) ? range.First : ulong.MaxValue;

    public static ulong PrefixOf(ReadOnlySpan<byte> signature) => BinaryPrimitives.ReadUInt64LittleEndian(signature);

    /// <summary>Notes a row, or the slot that it moved to.</summary>
    public void Set(ulong prefix, ulong lsn, ulong slot)
    {
        if (_old.ContainsKey(prefix))
        {
            _old[prefix] = (lsn, slot);
            return;
        }

        _young[prefix] = (lsn, slot);
        if (_young.Count >= Window)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }
    }

    public bool TryGet(ulong prefix, out (ulong Lsn, ulong Slot) row) => _young.TryGetValue(prefix, out row) || _old.TryGetValue(prefix, out row);

    /// <summary>Ends a range of first sightings that were all added.</summary>
    public void EndRange(ulong first, int count, ulong lastSlot)
    {
        _ranges.Enqueue((first, count, lastSlot));
        for (_count += count; _count > Window && _ranges.TryDequeue(out var oldest); _count -= oldest.Count)
        {
            OlderSlot = Math.Max(OlderSlot ?? 0, oldest.LastSlot);
        }
    }
}
