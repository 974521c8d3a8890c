using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>The templates of a block by id, in order of first appearance.</summary>
/// <param name="finds">Whether templates are found by their bytes; only encoders do.</param>
internal sealed class TemplateTable(bool finds)
{
    private readonly ByteArena _bytes = new();
    private readonly Rows<int> _ends = new();
    private int[] _slots = new int[1 << 10]; // id + 1

    public int Count => _ends.Count;

    public ReadOnlySpan<byte> this[int id]
    {
        get
        {
            var start = id == 0 ? 0 : _ends[id - 1];
            return _bytes[start, _ends[id] - start];
        }
    }

    public void Clear()
    {
        _bytes.Clear();
        _ends.Clear();
        Array.Clear(_slots);
    }

    public void Copy(StateCopy copy)
    {
        copy.Arena(_bytes);
        copy.List(_ends);
        if (finds && !copy.IsSaving)
        {
            Index(_slots.Length);
        }
    }

    public int Add(ReadOnlySpan<byte> template)
    {
        _bytes.Add(template);
        _ends.Add(_bytes.Length);
        if (finds && 2 * Count > _slots.Length)
        {
            Index(_slots.Length);
        }
        else if (finds)
        {
            Insert(Count - 1);
        }

        return Count - 1;
    }

    /// <summary>The id of a template, or -1.</summary>
    public int Find(ReadOnlySpan<byte> template)
    {
        for (var slot = SlotOf(template); _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (this[_slots[slot] - 1].SequenceEqual(template))
            {
                return _slots[slot] - 1;
            }
        }

        return -1;
    }

    private void Index(int slots)
    {
        while (slots < 2 * Count)
        {
            slots *= 2;
        }

        if (slots == _slots.Length)
        {
            Array.Clear(_slots);
        }
        else
        {
            _slots = new int[slots];
        }

        for (var id = 0; id < Count; id++)
        {
            Insert(id);
        }
    }

    private void Insert(int id)
    {
        var slot = SlotOf(this[id]);
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        _slots[slot] = id + 1;
    }

    private int SlotOf(ReadOnlySpan<byte> template)
    {
        // Seeded at start: anybody may choose what a program logs.
        var hash = default(HashCode);
        hash.AddBytes(template);
        return hash.ToHashCode() & (_slots.Length - 1);
    }
}
