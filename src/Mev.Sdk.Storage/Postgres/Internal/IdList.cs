namespace Mev.Sdk.Storage.Postgres;

/// <summary>Ids of the keys and words that some rows name, in the order in which they name them.</summary>
internal sealed class IdList
{
    private readonly List<int> _ids = [];
    private int _next;

    public int Count => _ids.Count;

    public int this[int index]
    {
        get => _ids[index];
        set => _ids[index] = value;
    }

    public void Add(int id) => _ids.Add(id);

    public int Next() => _ids[_next++];
}
