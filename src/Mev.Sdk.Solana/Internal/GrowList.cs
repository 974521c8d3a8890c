using System.Runtime.CompilerServices;

namespace Mev.Sdk.Solana.Internal;

/// <summary>A list of structs that is filled in place and keeps its memory when cleared.</summary>
internal sealed class GrowList<T>(int capacity)
    where T : struct
{
    private T[] _items = new T[capacity];

    public int Count { get; private set; }

    public Span<T> Items => _items.AsSpan(0, Count);

    public ref T this[int index] => ref Items[index];

    public void Clear() => Count = 0;

    /// <summary>Takes the last item away.</summary>
    public void RemoveLast() => Count--;

    /// <summary>Adds an item with all its fields zero.</summary>
    /// <returns>The item; valid until the next one is added.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Add()
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, 2 * Count);
        }

        ref var item = ref _items[Count++];
        item = default;
        return ref item;
    }
}
