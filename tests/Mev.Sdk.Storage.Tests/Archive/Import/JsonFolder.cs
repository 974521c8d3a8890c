using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Mev.Sdk.Solana.Json;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Storage.Tests.Archive.Import;

/// <summary>A folder of what nodes answer, that is gone after the test.</summary>
internal sealed class JsonFolder : IDisposable
{
    private const string Program = "Vote111111111111111111111111111111111111111";

    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    /// <summary>The JSON of every file, in the order of slots.</summary>
    public SortedDictionary<ulong, string> Documents { get; } = [];

    /// <summary>A transaction as nodes render it.</summary>
    public static string Transaction(ulong number, RenderEncoding encoding = RenderEncoding.Json, string more = "")
    {
        var wire = new TransactionBuilder()
            .AddSignature(Make.Signature(number)).SetHeader(1, 0, 1).AddKey(Make.Key(number)).AddKey(Make.Key(2)).AddKey(Pubkey.Parse(Program))
            .SetRecentBlockhash(Make.Key(number + 1)).AddInstruction(2, [0, 1], [9, 8, 7, (byte)number]).ToArray();
        var meta = new StatusMetaBuilder().SetFee(5_000 + number).AddBalance(10_000_000, 10_000_000).AddBalance(5, 5).AddBalance(1, 1);

        var json = Encoding.UTF8.GetString(TransactionRendering.Render(wire, meta.ToArray(), [], encoding));
        return more.Length == 0 ? json : json[..^1] + "," + more + "}";
    }

    /// <summary>A block as nodes render it.</summary>
    public static string Block(ulong slot, params IEnumerable<string> transactions) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"blockHeight":{{slot - 20}},"blockTime":1724000000,"blockhash":"{{Make.Key(slot)}}","parentSlot":{{slot - 1}},"previousBlockhash":"{{Make.Key(slot - 1)}}","rewards":[{"pubkey":"{{Make.Key(77)}}","lamports":5000,"postBalance":12,"rewardType":"Fee","commission":null}],"transactions":[{{string.Join(',', transactions)}}]}""");

    /// <summary>Writes a block of a few transactions.</summary>
    public void AddBlock(ulong slot, int transactions = 3) =>
        Add(slot, string.Create(CultureInfo.InvariantCulture, $"block-{slot}.json"), Block(slot, Enumerable.Range(0, transactions).Select(i => Transaction((slot * 100) + (ulong)i))));

    /// <summary>Writes a file.</summary>
    public void Add(ulong slot, string name, string json)
    {
        Documents[slot] = json;
        Write(name, Encoding.UTF8.GetBytes(json));
    }

    public void Write(string name, byte[] content)
    {
        var path = _folder.Combine(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        if (!name.EndsWith(".gz", StringComparison.Ordinal) && !name.EndsWith(".zst", StringComparison.Ordinal))
        {
            File.WriteAllBytes(path, content);
            return;
        }

        using var file = File.Create(path);
        using Stream compressed = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : new ZstdSharp.CompressionStream(file);
        compressed.Write(content);
    }

    public void Dispose() => _folder.Dispose();

    public static void AssertEqual(IEnumerable<string> expected, IReadOnlyList<byte[]> documents)
    {
        var wanted = expected.ToList();
        Assert.Equal(wanted.Count, documents.Count);
        for (var i = 0; i < wanted.Count; i++)
        {
            using var one = JsonDocument.Parse(wanted[i]);
            using var other = JsonDocument.Parse(documents[i]);
            Assert.True(JsonElement.DeepEquals(one.RootElement, other.RootElement), Encoding.UTF8.GetString(documents[i]));
        }
    }
}
