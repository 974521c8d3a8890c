namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>A list whose elements are used in place, and that keeps its memory.</summary>
internal sealed class Rows<T>
    where T : struct
{
    private T[] _rows = new T[16];

    public int Count { get; private set; }

    public ReadOnlySpan<T> Written => _rows.AsSpan(0, Count);

    /// <summary>The elements, to be overwritten.</summary>
    public Span<T> All => _rows.AsSpan(0, Count);

    public ref T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            return ref _rows[index];
        }
    }

    public void Clear() => Count = 0;

    /// <summary>Adds an element that has its default.</summary>
    public ref T Add()
    {
        if (Count == _rows.Length)
        {
            Array.Resize(ref _rows, Count * 2);
        }

        _rows[Count] = default;
        return ref _rows[Count++];
    }

    public void Add(T row) => Add() = row;

    /// <summary>Takes over elements.</summary>
    public void Add(ReadOnlySpan<T> rows)
    {
        var start = Count;
        SetCount(start + rows.Length);
        rows.CopyTo(_rows.AsSpan(start));
    }

    /// <summary>Cuts the list, or makes room whose contents are undefined.</summary>
    public void SetCount(int count)
    {
        if (_rows.Length < count)
        {
            Array.Resize(ref _rows, Math.Max(count, 2 * _rows.Length));
        }

        Count = count;
    }
}
