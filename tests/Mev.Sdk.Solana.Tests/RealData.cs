using System.Text.Json;
using Mev.Sdk.Solana.Json;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Solana.Tests;

/// <summary>The real transactions, taken apart; a test that asks for them is skipped where they are missing.</summary>
internal static class RealData
{
    private static readonly Lazy<JsonElement?> LazyBlock = new(() => Parse("solana/block-285000037.json"));
    private static readonly Lazy<TransactionParts[]> LazyParts = new(() => [.. Block.EnumerateArray().Select(TransactionRendering.ToWireAndMeta)]);

    /// <summary>Transactions of the block.</summary>
    public static JsonElement Block
    {
        get
        {
            Assert.SkipWhen(LazyBlock.Value is null, ChainData.MissingReason);
            return Transactions(LazyBlock.Value!.Value);
        }
    }

    /// <summary>The block's transactions, taken apart.</summary>
    public static TransactionParts[] BlockParts => LazyParts.Value;

    /// <summary>Transactions of the small block in one encoding: json, json_parsed or base64.</summary>
    public static JsonElement SmallBlock(string encoding)
    {
        var block = Parse($"solana/getblock-encodings/get_block_{encoding}_encoding.json");
        Assert.SkipWhen(block is null, ChainData.MissingReason);
        return Transactions(block!.Value);
    }

    /// <summary>The single transactions.</summary>
    public static IEnumerable<(string Name, JsonElement Root)> Singles()
    {
        var files = ChainData.Files("solana/transactions", "*.json");
        Assert.SkipWhen(files.Count == 0, ChainData.MissingReason);
        return files.Select(file => (Path.GetFileName(file), JsonDocument.Parse(File.ReadAllBytes(file)).RootElement));
    }

    /// <summary>One of them, taken apart.</summary>
    public static TransactionParts Single(string name) =>
        TransactionRendering.ToWireAndMeta(Singles().Single(sample => sample.Name == name).Root.GetProperty("raw"));

    private static JsonElement Transactions(JsonElement root) =>
        (root.TryGetProperty("result", out var result) ? result : root).GetProperty("transactions");

    private static JsonElement? Parse(string path) =>
        ChainData.File(path) is { } file ? JsonDocument.Parse(File.ReadAllBytes(file)).RootElement : null;
}
