namespace Mev.Sdk.Storage.Postgres;

/// <summary>Ids that were given or seen lately: two generations of a dictionary, of which the older is forgotten when the younger is full.</summary>
/// <typeparam name="T">What has an id.</typeparam>
/// <param name="capacity">Entries remembered at most.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class IdCache<T>(int capacity)
    where T : notnull
{
    private readonly int _generation = Math.Max(1, capacity / 2);
    private Dictionary<T, int> _young = [];
    private Dictionary<T, int> _old = [];

    public int Count => _young.Count + _old.Count;

    public bool TryGet(in T value, out int id)
    {
        if (_young.TryGetValue(value, out id))
        {
            return true;
        }

        if (!_old.Remove(value, out id))
        {
            return false;
        }

        Add(value, id);
        return true;
    }

    public void Add(T value, int id)
    {
        if (_young.Count >= _generation)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        _young[value] = id;
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
