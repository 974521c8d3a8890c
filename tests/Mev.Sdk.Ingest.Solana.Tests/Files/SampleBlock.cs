using System.Text;
using System.Text.Json.Nodes;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Tests;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Ingest.Solana.Tests.Files;

/// <summary>A block of one transaction of every kind that jsonParsed renders and this library rebuilds, in all three encodings.</summary>
internal static class SampleBlock
{
    private static readonly Pubkey[] Keys =
    [
        Samples.Key(1), Samples.Key(2), Samples.Key(3), Samples.Key(4), // payer, source, destination, new account
        KnownPrograms.System, KnownPrograms.Token, KnownPrograms.Memo, KnownPrograms.AssociatedToken, KnownPrograms.Vote, Samples.Key(9), KnownPrograms.ComputeBudget,
    ];

    private static readonly Pubkey[] Loaded = [Samples.Key(20), Samples.Key(21)];

    private static string Name(int index) => (index < Keys.Length ? Keys[index] : Loaded[index - Keys.Length]).ToString();

    private static readonly (byte Program, byte[] Accounts, byte[] Data, string Parsed)[] Instructions =
    [
        (4, [0, 2], [2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0], Rendered("system", "transfer", $$$"""{"source":"{{{Name(0)}}}","destination":"{{{Name(2)}}}","lamports":7}""")),
        (4, [0, 3], [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, .. Key(KnownPrograms.Token)],
            Rendered("system", "createAccount", $$$"""{"source":"{{{Name(0)}}}","newAccount":"{{{Name(3)}}}","lamports":1,"space":2,"owner":"{{{KnownPrograms.Token}}}"}""")),
        (5, [1, 11, 0], [3, 9, 0, 0, 0, 0, 0, 0, 0], Rendered("spl-token", "transfer", $$$"""{"source":"{{{Name(1)}}}","destination":"{{{Name(11)}}}","authority":"{{{Name(0)}}}","amount":"9"}""")),
        (5, [1, 12, 2, 9, 0], [12, 8, 0, 0, 0, 0, 0, 0, 0, 6],
            Rendered("spl-token", "transferChecked", $$$"""{"source":"{{{Name(1)}}}","mint":"{{{Name(12)}}}","destination":"{{{Name(2)}}}","multisigAuthority":"{{{Name(9)}}}","signers":["{{{Name(0)}}}"],"tokenAmount":{"amount":"8","decimals":6,"uiAmount":0.000008,"uiAmountString":"0.000008"}}""")),
        (5, [1, 2, 0], [9], Rendered("spl-token", "closeAccount", $$$"""{"account":"{{{Name(1)}}}","destination":"{{{Name(2)}}}","owner":"{{{Name(0)}}}"}""")),
        (5, [1], [17], Rendered("spl-token", "syncNative", $$$"""{"account":"{{{Name(1)}}}"}""")),
        (7, [0, 3, 2, 12, 4, 5], [1],
            Rendered("spl-associated-token-account", "createIdempotent", $$$"""{"source":"{{{Name(0)}}}","account":"{{{Name(3)}}}","wallet":"{{{Name(2)}}}","mint":"{{{Name(12)}}}","systemProgram":"{{{Name(4)}}}","tokenProgram":"{{{Name(5)}}}"}""")),
        (8, [1, 2, 3, 0], [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, .. Key(Samples.Key(9)), 0],
            Rendered("vote", "vote", $$$"""{"voteAccount":"{{{Name(1)}}}","slotHashesSysvar":"{{{Name(2)}}}","clockSysvar":"{{{Name(3)}}}","voteAuthority":"{{{Name(0)}}}","vote":{"hash":"{{{Samples.Key(9)}}}","slots":[5],"timestamp":null}}""")),
        (6, [], Encoding.UTF8.GetBytes("grüezi"), "\"program\":\"spl-memo\",\"parsed\":\"grüezi\""),
        (10, [], [3, 5, 0, 0, 0, 0, 0, 0, 0], $"\"accounts\":[],\"data\":\"{Base58.Encode([3, 5, 0, 0, 0, 0, 0, 0, 0])}\",\"stackHeight\":null"),
    ];

    private const string Meta = """
        {"err":null,"fee":5000,"preBalances":[10,0,0,0,0,0,0,0,0,0,0,0,0],"postBalances":[5,0,0,0,0,0,0,0,0,0,0,0,0],"innerInstructions":[],"logMessages":["a"],
        "preTokenBalances":[],"postTokenBalances":[],"rewards":[],"computeUnitsConsumed":150%LOADED%}
        """;

    public static string Of(string encoding)
    {
        var builder = new TransactionBuilder().AddSignature(Samples.Sig(5)).SetHeader(1, 0, 7).SetRecentBlockhash(Samples.Key(8));
        foreach (var key in Keys)
        {
            builder.AddKey(in key);
        }

        foreach (var (program, accounts, data, _) in Instructions)
        {
            builder.AddInstruction(program, accounts, data);
        }

        var wire = builder.AddLookup(Samples.Key(30), [3], [4]).ToArray();
        var transaction = encoding switch
        {
            "base64" => $"[\"{Convert.ToBase64String(wire)}\",\"base64\"]",
            "base58" => $"[\"{Base58.Encode(wire)}\",\"base58\"]",
            "binary" => $"\"{Base58.Encode(wire)}\"",
            "json" => Message(
                "\"header\":{\"numRequiredSignatures\":1,\"numReadonlySignedAccounts\":0,\"numReadonlyUnsignedAccounts\":7},"
                + $"\"accountKeys\":[{string.Join(',', Keys.Select(key => $"\"{key}\""))}]",
                Instructions.Select(i => $"{{\"programIdIndex\":{i.Program},\"accounts\":[{string.Join(',', i.Accounts)}],\"data\":\"{Base58.Encode(i.Data)}\"}}")),
            _ => Message(
                $"\"accountKeys\":[{string.Join(',', Enumerable.Range(0, Keys.Length + Loaded.Length).Select(ParsedKey))}]",
                Instructions.Select(i => $"{{\"programId\":\"{Name(i.Program)}\",{i.Parsed}}}")),
        };
        var loaded = encoding == "jsonParsed" ? "" : $",\"loadedAddresses\":{{\"writable\":[\"{Loaded[0]}\"],\"readonly\":[\"{Loaded[1]}\"]}}";
        return $$$"""
            {"jsonrpc":"2.0","id":1,"result":{"blockHeight":9,"blockTime":1700000000,"blockhash":"{{{Samples.Key(40)}}}","previousBlockhash":"{{{Samples.Key(41)}}}","parentSlot":100,
            "rewards":[{"pubkey":"{{{Samples.Key(42)}}}","rewardType":"Fee","lamports":5,"postBalance":6}],
            "transactions":[{"meta":{{{Meta.Replace("%LOADED%", loaded, StringComparison.Ordinal)}}},"transaction":{{{transaction}}},"version":0}]}}
            """;
    }

    /// <summary>The block in encoding json after a change to it.</summary>
    public static string Changed(Action<JsonNode> change, string encoding = "json")
    {
        var root = JsonNode.Parse(Of(encoding))!;
        change(root);
        return root.ToJsonString();
    }

    public static BlockFile Parse(string json, string name = "block.json", BlockFileOptions? options = null) => BlockFile.Parse(Encoding.UTF8.GetBytes(json), name, options);

    private static byte[] Key(Pubkey key) => Pubkey.AsSpan(in key).ToArray();

    private static string Rendered(string program, string type, string info) => $"\"program\":\"{program}\",\"parsed\":{{\"type\":\"{type}\",\"info\":{info}}}";

    private static string ParsedKey(int index) =>
        $"{{\"pubkey\":\"{Name(index)}\",\"signer\":{(index == 0 ? "true" : "false")},\"writable\":{(index is < 4 or 11 ? "true" : "false")},\"source\":\"{(index < Keys.Length ? "transaction" : "lookupTable")}\"}}";

    private static string Message(string head, IEnumerable<string> instructions) => $$$"""
        {"signatures":["{{{Samples.Sig(5)}}}"],"message":{{{{head}}},"recentBlockhash":"{{{Samples.Key(8)}}}","instructions":[{{{string.Join(',', instructions)}}}],
        "addressTableLookups":[{"accountKey":"{{{Samples.Key(30)}}}","writableIndexes":[3],"readonlyIndexes":[4]}]}}
        """;
}
