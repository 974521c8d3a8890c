using System.Runtime.CompilerServices;

namespace Mev.Sdk.Features.Operators;

/// <summary>A map of fixed capacity that forgets the key touched longest ago; allocates at construction only.</summary>
/// <remarks>What is forgotten depends on the order of touches alone, never on hashes, so two runs forget alike.</remarks>
internal sealed class RecencyTable<TValue>
    where TValue : struct
{
    private const int None = -1;

    private readonly Dictionary<Pubkey, int> _index;
    private readonly Node[] _nodes;
    private int _count;
    private int _newest = None;
    private int _oldest = None;

    public RecencyTable(int capacity)
    {
        _index = new Dictionary<Pubkey, int>(capacity);
        _nodes = new Node[capacity];
    }

    public int Count => _count;

    /// <summary>Finds a value without touching it.</summary>
    /// <returns>A reference that is valid until the next <see cref="Touch"/>, or a null reference.</returns>
    public ref TValue Find(in Pubkey key) => ref _index.TryGetValue(key, out var at)
        ? ref _nodes[at].Value
        : ref Unsafe.NullRef<TValue>();

    /// <summary>Makes a key the newest, adding it (and forgetting the oldest) when it is not there.</summary>
    /// <returns>Its value, default when it was added; valid until the next <see cref="Touch"/>.</returns>
    public ref TValue Touch(in Pubkey key)
    {
        if (_index.TryGetValue(key, out var at))
        {
            Unlink(at);
        }
        else
        {
            at = Take(in key);
        }

        ref var node = ref _nodes[at];
        node.Older = _newest;
        node.Newer = None;
        if (_newest != None)
        {
            _nodes[_newest].Newer = at;
        }

        _newest = at;
        _oldest = _oldest == None ? at : _oldest;
        return ref node.Value;
    }

    private int Take(in Pubkey key)
    {
        int at;
        if (_count < _nodes.Length)
        {
            at = _count++;
        }
        else
        {
            at = _oldest;
            Unlink(at);
            _index.Remove(_nodes[at].Key);
        }

        _index.Add(key, at);
        _nodes[at].Key = key;
        _nodes[at].Value = default;
        return at;
    }

    private void Unlink(int at)
    {
        ref var node = ref _nodes[at];
        if (node.Newer == None)
        {
            _newest = node.Older;
        }
        else
        {
            _nodes[node.Newer].Older = node.Older;
        }

        if (node.Older == None)
        {
            _oldest = node.Newer;
        }
        else
        {
            _nodes[node.Older].Newer = node.Newer;
        }
    }

    private struct Node
    {
        public Pubkey Key;
        public int Newer;
        public int Older;
        public TValue Value;
    }
}
