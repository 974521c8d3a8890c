using System.Text.Json;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>Signatures and account keys: those of the real block, or seeded random ones where it is missing.</summary>
internal static class KeySet
{
    private const int RandomCount = 1000;

    public static (byte[] Values, string Note) Signatures() =>
        ChainFiles.Block is { } path
            ? (Texts(path, transaction => transaction.GetProperty("signatures")), "the signatures of a mainnet block")
            : (Random(Signature.Size), "random signatures, since no chain data is at hand");

    public static (byte[] Values, string Note) Keys() =>
        ChainFiles.Block is { } path
            ? (Texts(path, transaction => transaction.GetProperty("message").GetProperty("accountKeys")), "the account keys of a mainnet block")
            : (Random(Pubkey.Size), "random keys, since no chain data is at hand");

    private static byte[] Texts(string path, Func<JsonElement, JsonElement> select)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var block = document.RootElement.TryGetProperty("result", out var result) ? result : document.RootElement;
        return
        [
            .. block.GetProperty("transactions").EnumerateArray()
                .SelectMany(entry => select(entry.GetProperty("transaction")).EnumerateArray())
                .Select(text => text.GetString()!)
                .Distinct(StringComparer.Ordinal)
                .SelectMany(text => SimpleBase.Base58.Bitcoin.Decode(text)),
        ];
    }

    private static byte[] Random(int size)
    {
        var values = new byte[size * RandomCount];
        new Random(58).NextBytes(values);
        return values;
    }
}
