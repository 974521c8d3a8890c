namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>A list whose elements are used in place, and that keeps its memory.</summary>
internal sealed class Rows<T>
    where T : struct
{
    private T[] _rows = new T[16];

    public int Count { get; private set; }

    public ReadOnlySpan<T> Written => _rows.AsSpan(0, Count);

    public ref T this[int index] => ref _rows.AsSpan(0, Count)[index];

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
}
