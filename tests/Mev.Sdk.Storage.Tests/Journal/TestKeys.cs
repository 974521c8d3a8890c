namespace Mev.Sdk.Storage.Tests.Journal;

/// <summary>Keys made from small numbers.</summary>
internal sealed class TestKeys : IKeyProvider
{
    private readonly Dictionary<Guid, byte[]> _keys = [];

    public Guid CurrentKeyId { get; set; }

    public static Guid Id(int number) => new(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    public static byte[] Key(int number)
    {
        var key = new byte[IKeyProvider.KeySize];
        new Random(number).NextBytes(key);
        return key;
    }

    public static TestKeys With(params int[] numbers)
    {
        var keys = new TestKeys();
        foreach (var number in numbers)
        {
            keys._keys[Id(number)] = Key(number);
            keys.CurrentKeyId = Id(number);
        }

        return keys;
    }

    /// <summary>Gives an id the key of another one.</summary>
    public TestKeys Mistake(int id, int key)
    {
        _keys[Id(id)] = Key(key);
        return this;
    }

    public bool TryGetKey(Guid keyId, Span<byte> destination)
    {
        if (!_keys.TryGetValue(keyId, out var key))
        {
            return false;
        }

        key.CopyTo(destination);
        return true;
    }
}
