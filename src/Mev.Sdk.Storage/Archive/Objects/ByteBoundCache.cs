using System.Diagnostics.CodeAnalysis;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Values that are costly to make, kept up to a number of bytes; the one that was asked for longest ago goes first. Thread-safe.</summary>
/// <remarks>Who asks for a value that is being made waits for that making; one that failed is forgotten. At least one value is kept, however large.</remarks>
internal sealed class ByteBoundCache<TKey, TValue>(long maxBytes, Func<TValue, long> sizeOf)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byAge = new(); // the newest last
    private long _bytes;

    /// <summary>Bytes kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Gets a value.</summary>
    /// <param name="key">Which.</param>
    /// <param name="make">Makes it when it is not there; on a thread of the pool, and to its end also when who asked first waits no more.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="displaces">
    /// Whether it may take the place of others. A walk over more values than fit says no: what is kept stays, and the next walk finds that part, where each would have pushed out the one needed soonest.
    /// </param>
    public async ValueTask<TValue> GetAsync(TKey key, Func<Task<TValue>> make, CancellationToken cancellationToken, bool displaces = true)
    {
        Task<TValue> value;
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var node))
            {
                _byAge.Remove(node);
                _byAge.AddLast(node);
            }
            else
            {
                node = Add(new Entry(key, Task.Run(make, CancellationToken.None), displaces));
            }

            value = node.Value.Making;
        }

        return await value.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets a value that is there.</summary>
    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        lock (_gate)
        {
            value = null;
            if (_entries.TryGetValue(key, out var node) && node.Value.Making.IsCompletedSuccessfully)
            {
                _byAge.Remove(node);
                _byAge.AddLast(node);
                value = node.Value.Making.Result;
            }

            return value is not null;
        }
    }

    /// <summary>Keeps a value that somebody made; the one that is there stays.</summary>
    public void Put(TKey key, TValue value)
    {
        lock (_gate)
        {
            if (!_entries.ContainsKey(key))
            {
                Add(new Entry(key, Task.FromResult(value), displaces: true));
            }
        }
    }

    /// <summary>Forgets a value.</summary>
    public void Remove(TKey key)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var node))
            {
                Remove(node);
            }
        }
    }

    private LinkedListNode<Entry> Add(Entry entry)
    {
        var node = _byAge.AddLast(entry);
        _entries.Add(entry.Key, node);
        _ = FollowAsync(node);
        return node;
    }

    // Counts what was made, or forgets what could not be.
    private async Task FollowAsync(LinkedListNode<Entry> node)
    {
        await ((Task)node.Value.Making).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            if (node.List is null)
            {
                return;
            }

            if (!node.Value.Making.IsCompletedSuccessfully)
            {
                Remove(node);
                return;
            }

            node.Value.Bytes = sizeOf(node.Value.Making.Result);
            _bytes += node.Value.Bytes;
            if (_bytes > maxBytes && !node.Value.Displaces && _entries.Count > 1)
            {
                Remove(node);
            }

            while (_bytes > maxBytes && _entries.Count > 1)
            {
                Remove(_byAge.First!);
            }
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _entries.Remove(node.Value.Key);
        _byAge.Remove(node);
        _bytes -= node.Value.Bytes;
    }

    private sealed class Entry(TKey key, Task<TValue> making, bool displaces)
    {
        public bool Displaces { get; } = displaces;

        public TKey Key { get; } = key;

        public Task<TValue> Making { get; } = making;

        public long Bytes { get; set; }
    }
}
