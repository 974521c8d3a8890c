using System.Text;
using System.Text.Json.Nodes;
using Mev.Sdk.Ingest.Solana.Blocks;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Ingest.Solana.Tests.Files;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Mev.Sdk.Ingest.Solana.Tests.Blocks;

/// <summary>The one-pass reader against the thorough one, and against what nodes send instead of blocks.</summary>
public sealed class BlockDecoderTests
{
    [Theory]
    [InlineData("json")]
    [InlineData("base64")]
    [InlineData("base58")]
    [InlineData("jsonParsed")]
    public void Read_gives_what_the_thorough_reader_gives(string encoding) => AssertSame(Encoding.UTF8.GetBytes(SampleBlock.Of(encoding)), "block.json");

    [Fact]
    public void Read_of_the_real_block_gives_what_the_thorough_reader_gives()
    {
        var file = ChainData.File("solana/block-285000037.json");
        Assert.SkipWhen(file is null, ChainData.MissingReason);
        AssertSame(File.ReadAllBytes(file), Path.GetFileName(file));
    }

    [Fact]
    public void Read_of_real_encodings_gives_what_the_thorough_reader_gives()
    {
        var files = ChainData.Files("solana/getblock-encodings");
        Assert.SkipWhen(files.Count == 0, ChainData.MissingReason);
        foreach (var file in files.Where(file => file.Contains("get_block", StringComparison.Ordinal)))
        {
            AssertSame(File.ReadAllBytes(file), Path.GetFileName(file));
        }
    }

    [Fact]
    public void The_fast_path_reads_nearly_all_of_the_real_block()
    {
        var file = ChainData.File("solana/block-285000037.json");
        Assert.SkipWhen(file is null, ChainData.MissingReason);
        var fast = new FastTransaction();
        var bytes = File.ReadAllBytes(file);
        int read = 0, refused = 0;
        var reader = new System.Text.Json.Utf8JsonReader(bytes);
        while (reader.Read() && !(reader.TokenType == System.Text.Json.JsonTokenType.PropertyName && reader.ValueTextEquals("transactions"u8)))
        {
        }

        reader.Read();
        var scanner = new JsonScanner(bytes, (int)reader.BytesConsumed);
        while (scanner.NextItem())
        {
            var start = scanner;
            if (fast.TryRead(ref scanner))
            {
                read++;
            }
            else
            {
                refused++;
                scanner = start;
                Assert.True(scanner.TrySkip());
            }
        }

        Assert.True(scanner.Closed);
        Assert.Equal(557, read + refused);
        Assert.True(refused <= 2, $"{refused} of 557 transactions took the slow way.");
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","error":{"code":-32007,"message":"Slot 5 was skipped"},"id":1}""", (int)BlockReadStatus.RpcError, "Slot 5 was skipped")]
    [InlineData("""{"jsonrpc":"2.0","result":null,"id":1}""", (int)BlockReadStatus.NoBlock, "does not have this block")]
    [InlineData("""{"jsonrpc":"2.0","result":{"parentSlot":4,"transactions":null},"id":1}""", (int)BlockReadStatus.Unusable, "transactions are null")]
    [InlineData("""{"jsonrpc":"2.0","result":{"parentSlot":4,"signatures":["x"]},"id":1}""", (int)BlockReadStatus.Unusable, "\"signatures\"; ask for \"full\"")]
    [InlineData("""{"jsonrpc":"2.0","result":{"transactions":[]},"id":1}""", (int)BlockReadStatus.Unusable, "no parentSlot")]
    [InlineData("""{"jsonrpc":"2.0","result":{"parentSlot":4,"transactions":[],"blockhash":"no"},"id":1}""", (int)BlockReadStatus.Unusable, "$.blockhash")]
    [InlineData("""{"jsonrpc":"2.0","result":{"parentSlot":4,"transactions":[{"meta":nul""", (int)BlockReadStatus.Broken, "is no JSON")]
    [InlineData("<html><body>502</body></html>", (int)BlockReadStatus.Broken, "web page")]
    [InlineData("", (int)BlockReadStatus.Broken, "empty")]
    [InlineData("[1]", (int)BlockReadStatus.Unusable, "no JSON object")]
    public void Read_of_something_else_says_what_it_is(string json, int status, string problem)
    {
        using var block = new DecodedBlock();
        Assert.Equal((BlockReadStatus)status, new BlockDecoder().Read(Encoding.UTF8.GetBytes(json), 5, SightingStage.Confirmed, block));
        Assert.Contains(problem, block.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_block_cut_off_anywhere_never_throws_and_never_says_ok()
    {
        var json = Encoding.UTF8.GetBytes(SampleBlock.Of("json"));
        var decoder = new BlockDecoder();
        using var block = new DecodedBlock();
        for (var length = 0; length < json.Length; length++)
        {
            Assert.NotEqual(BlockReadStatus.Ok, decoder.Read(json.AsSpan(0, length), 5, SightingStage.Confirmed, block));
        }

        Assert.Equal(BlockReadStatus.Ok, decoder.Read(json, 101, SightingStage.Confirmed, block));
    }

    [Fact]
    public void Read_of_a_block_with_a_bad_transaction_keeps_the_others_and_describes_it()
    {
        var json = SampleBlock.Changed(root =>
        {
            var transactions = root["result"]!["transactions"]!.AsArray();
            transactions.Add(JsonNode.Parse("null"));
            transactions.Add(JsonNode.Parse("""{"meta":null,"transaction":["AQ==","base64"],"version":7}"""));
            var good = transactions[0]!.DeepClone();
            good["meta"] = null;
            transactions.Add(good);
        });
        using var block = new DecodedBlock();
        Assert.Equal(BlockReadStatus.Ok, new BlockDecoder().Read(Encoding.UTF8.GetBytes(json), 101, SightingStage.Confirmed, block));
        Assert.Equal(2, block.Unreadable);
        Assert.StartsWith("transaction 1: this is no object", block.Problem, StringComparison.Ordinal);
        Assert.Equal([0u, 3u], block.Transactions.Select(slice => Record(block, slice).IndexInBlock));
        Assert.Equal(2u, block.Block.TransactionCount);
    }

    [Fact]
    public void Read_of_a_version_1_message_in_encoding_json_gives_its_bytes()
    {
        var wire = Mev.Sdk.Solana.Tests.Samples.V1().ToArray();
        var rendered = Mev.Sdk.Solana.Json.TransactionRendering.Render(wire, [], [], Mev.Sdk.Solana.Json.RenderEncoding.Json);
        var json = Encoding.UTF8.GetBytes(SampleBlock.Changed(root => root["result"]!["transactions"]!.AsArray().Add(JsonNode.Parse(rendered))));
        using var block = new DecodedBlock();
        Assert.Equal(BlockReadStatus.Ok, new BlockDecoder().Read(json, 101, SightingStage.Confirmed, block));
        Assert.Equal(0, block.Unreadable);
        Assert.True(TransactionView.TryRead(new RecordView(Lsn.None, block[block.Transactions[1]].Span), out var view));
        Assert.Equal(wire, view.Wire.ToArray());
    }

    [Fact]
    public void Read_without_a_block_time_leaves_it_unknown()
    {
        using var block = new DecodedBlock();
        var json = SampleBlock.Changed(root => root["result"]!["blockTime"] = null);
        Assert.Equal(BlockReadStatus.Ok, new BlockDecoder().Read(Encoding.UTF8.GetBytes(json), 101, SightingStage.Confirmed, block));
        Assert.Equal(0, block.Block.BlockTimeSeconds);
        Assert.Equal(0, Record(block, block.Transactions[0]).BlockTimeSeconds);
    }

    [Theory]
    [InlineData("""{"InstructionError":[2,{"Custom":6001}]}""")]
    [InlineData("""{"InstructionError":[0,"InvalidAccountData"]}""")]
    [InlineData("\"AccountInUse\"")]
    [InlineData("""{"InsufficientFundsForRent":{"account_index":3}}""")]
    [InlineData("\"SomethingNew\"")]
    public void Read_of_errors_gives_what_the_thorough_reader_gives(string error) =>
        AssertSame(Encoding.UTF8.GetBytes(SampleBlock.Changed(root => root["result"]!["transactions"]![0]!["meta"]!["err"] = JsonNode.Parse(error))), "block.json");

    [Theory]
    [InlineData("0", 6, "0")]
    [InlineData("1", 9, "0.000000001")]
    [InlineData("1000000", 6, "1")]
    [InlineData("1230000", 6, "1.23")]
    [InlineData("123", 0, "123")]
    [InlineData("100", 6, "0.00013")]
    [InlineData("18446744073709551615", 6, "18446744073709.551615")]
    [InlineData("5", 2, "0.05")]
    public void Read_of_token_amounts_gives_what_the_thorough_reader_gives(string amount, int decimals, string text) =>
        AssertSame(
            Encoding.UTF8.GetBytes(SampleBlock.Changed(root => root["result"]!["transactions"]![0]!["meta"]!["postTokenBalances"] = JsonNode.Parse(
                $$$"""[{"accountIndex":1,"mint":"{{{Make.Key(5)}}}","owner":"{{{Make.Key(6)}}}","programId":"{{{Make.Key(7)}}}","uiTokenAmount":{"amount":"{{{amount}}}","decimals":{{{decimals}}},"uiAmount":1.5,"uiAmountString":"{{{text}}}"}}]"""))),
            "block.json");

    [Fact]
    public void Read_of_escaped_logs_and_return_data_gives_what_the_thorough_reader_gives() =>
        AssertSame(
            Encoding.UTF8.GetBytes(SampleBlock.Changed(root =>
            {
                var meta = root["result"]!["transactions"]![0]!["meta"]!;
                meta["logMessages"] = new JsonArray("a\"b\n\u00fc\ud83d\ude00", "", "plain");
                meta["returnData"] = JsonNode.Parse($$"""{"programId":"{{Make.Key(5)}}","data":["AQID","base64"]}""");
                meta["innerInstructions"] = JsonNode.Parse("""[{"index":0,"instructions":[{"programIdIndex":4,"accounts":[1,2],"data":"3Bxs4","stackHeight":2}]},{"index":3,"instructions":[]}]""");
            })),
            "block.json");

    private static TransactionRecord Record(DecodedBlock block, FrameSlice slice)
    {
        Assert.True(TransactionView.TryRead(new RecordView(Lsn.None, block[slice].Span), out var view));
        return view.Record;
    }

    private static void AssertSame(byte[] json, string name)
    {
        var expected = BlockFile.Parse(json, name);
        using var block = new DecodedBlock();
        Assert.Equal(BlockReadStatus.Ok, new BlockDecoder().Read(json, expected.Block.Slot, SightingStage.Finalized, block));
        Assert.Equal(0, block.Unreadable);
        Assert.Equal(expected.Block, block.Block);
        Assert.Equal(expected.Transactions.Count, block.Transactions.Count);
        for (var i = 0; i < expected.Transactions.Count; i++)
        {
            Assert.True(TransactionView.TryRead(new RecordView(Lsn.None, block[block.Transactions[i]].Span), out var view));
            var wanted = expected.Transactions[i];
            Assert.Equal(wanted.Wire.ToArray(), view.Wire.ToArray());
            Assert.Equal(wanted.Meta.ToArray(), view.Meta.ToArray());
            Assert.Equal(wanted.Record, view.Record);
            Assert.Equal(wanted.Swaps.ToArray(), view.Swaps.ToArray());
        }
    }
}
