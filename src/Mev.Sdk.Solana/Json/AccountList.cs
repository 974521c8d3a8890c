namespace Mev.Sdk.Solana.Json;

/// <summary>A transaction's keys in index order, and their indices.</summary>
internal sealed class AccountList
{
    private readonly Dictionary<Pubkey, int> _indexOf = [];

    public List<Pubkey> Static { get; } = [];

    public List<Pubkey> LoadedWritable { get; } = [];

    public List<Pubkey> LoadedReadonly { get; } = [];

    /// <summary>Numbers the keys once all are there.</summary>
    public void Number()
    {
        var index = 0;
        foreach (var list in (List<Pubkey>[])[Static, LoadedWritable, LoadedReadonly])
        {
            foreach (var key in list)
            {
                _indexOf.TryAdd(key, index++);
            }
        }
    }

    public bool TryIndex(Pubkey key, out byte index)
    {
        var known = _indexOf.TryGetValue(key, out var value) && value <= byte.MaxValue;
        index = (byte)value;
        return known;
    }

    public byte IndexOf(JsonNode key) =>
        TryIndex(key.Key(), out var index) ? index : throw key.Fail("this key is not in the transaction's key list");
}
