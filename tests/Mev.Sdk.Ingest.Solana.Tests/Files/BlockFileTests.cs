using System.Text;
using System.Text.Json.Nodes;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Ingest.Solana.Tests.Files;

public sealed class BlockFileTests
{
    private static JsonNode Transaction(JsonNode root) => root["result"]!["transactions"]![0]!;

    private static JsonNode Message(JsonNode root) => Transaction(root)["transaction"]!["message"]!;

    private static JsonNode Meta(JsonNode root) => Transaction(root)["meta"]!;

    [Theory]
    [InlineData("json")]
    [InlineData("jsonParsed")]
    [InlineData("base58")]
    [InlineData("binary")]
    public void Parse_every_encoding_gives_the_records_of_base64(string encoding)
    {
        var block = SampleBlock.Parse(SampleBlock.Of(encoding));
        EncodingTests.AreEqual(SampleBlock.Parse(SampleBlock.Of("base64")), block);
        var transaction = Assert.Single(block.Transactions);
        Assert.False(transaction.Wire.IsEmpty);
        Assert.Equal((5_000UL, 150u, 5UL), (transaction.Record.FeeLamports, transaction.Record.ComputeUnitsConsumed, transaction.Record.ComputeUnitPriceMicroLamports));
        Assert.Equal((101UL, 9UL, 1_700_000_000L), (block.Block.Slot, block.Block.BlockHeight, block.Block.BlockTimeSeconds));
        Assert.False(block.Block.Leader.IsZero);
    }

    [Fact]
    public void Parse_accepts_a_bare_result_and_absent_optional_members()
    {
        var json = SampleBlock.Changed(root =>
        {
            var result = root["result"]!.AsObject();
            foreach (var name in (string[])["blockHeight", "blockTime", "rewards"])
            {
                result.Remove(name);
            }

            foreach (var name in (string[])["innerInstructions", "logMessages", "preTokenBalances", "postTokenBalances", "computeUnitsConsumed"])
            {
                Meta(root).AsObject().Remove(name);
            }
        });
        var block = SampleBlock.Parse(JsonNode.Parse(json)!["result"]!.ToJsonString());
        Assert.Equal((0UL, 0L, true), (block.Block.BlockHeight, block.Block.BlockTimeSeconds, block.Block.Leader.IsZero));
        Assert.True(StatusMeta.TryParse(block.Transactions[0].Meta.Span, out var meta));
        Assert.True(meta is { InnerInstructionsMissing: true, LogMessagesMissing: true, HasComputeUnitsConsumed: false });
    }

    [Fact]
    public void Parse_null_meta_is_a_transaction_without_meta()
    {
        var transaction = SampleBlock.Parse(SampleBlock.Changed(root => Transaction(root)["meta"] = null)).Transactions[0];
        Assert.Equal(TransactionFlags.None, transaction.Record.Flags);
        Assert.True(transaction.Meta.IsEmpty && !transaction.Wire.IsEmpty);
    }

    [Fact]
    public void Parse_rendered_instruction_that_cannot_be_rebuilt_leaves_the_wire_out_and_the_rest_in()
    {
        var block = SampleBlock.Parse(SampleBlock.Changed(root => Message(root)["instructions"]![1]!["parsed"]!["type"] = "somethingNew", "jsonParsed"));
        Assert.True(block.Transactions[0].Record.Flags.HasFlag(TransactionFlags.WireMissing));
        Assert.True(block.Transactions[0].Wire.IsEmpty);
        EncodingTests.AreEqual(SampleBlock.Parse(SampleBlock.Of("base64")), block);
    }

    [Fact]
    public void Parse_reads_inner_instructions_token_balances_and_return_data()
    {
        var key = Mev.Sdk.Solana.Tests.Samples.Key(3).ToString();
        var json = SampleBlock.Changed(root =>
        {
            Meta(root)["innerInstructions"] = JsonNode.Parse("""[{"index":2,"instructions":[{"programIdIndex":5,"accounts":[1,2,0],"data":"3","stackHeight":2},{"programIdIndex":4,"accounts":[],"data":""}]}]""");
            Meta(root)["preTokenBalances"] = JsonNode.Parse($$$"""[{"accountIndex":1,"mint":"{{{key}}}","uiTokenAmount":{"amount":"1500","decimals":3,"uiAmount":1.5,"uiAmountString":"1.5"}}]""");
            Meta(root)["postTokenBalances"] = JsonNode.Parse($$$"""[{"accountIndex":1,"mint":"{{{key}}}","owner":"{{{key}}}","programId":"{{{key}}}","uiTokenAmount":{"amount":"1500","decimals":3,"uiAmount":1.75,"uiAmountString":"1.75"}}]""");
            Meta(root)["returnData"] = JsonNode.Parse($$$"""{"programId":"{{{key}}}","data":["AQI=","base64"]}""");
        });
        Assert.True(StatusMeta.TryParse(SampleBlock.Parse(json).Transactions[0].Meta.Span, out var meta));
        var inner = new List<(int, int, uint, uint)>();
        foreach (var instruction in meta.InnerInstructions)
        {
            inner.Add((instruction.OuterInstruction, instruction.Index, instruction.ProgramIndex, instruction.StackHeight));
        }

        Assert.Equal([(2, 0, 5u, 2u), (2, 1, 4u, 0u)], inner);
        var tokens = meta.PreTokenBalances;
        Assert.True(tokens.MoveNext());
        Assert.Equal((1_500UL, 3, true), (tokens.Current.Amount, tokens.Current.Decimals, tokens.Current.Owner.IsZero));
        Assert.Equal([1, 2], meta.ReturnData.ToArray());
    }

    [Theory]
    [InlineData("\"AccountInUse\"", TransactionErrorCode.AccountInUse, InstructionErrorCode.None, 0, 0u)]
    [InlineData("{\"InstructionError\":[2,{\"Custom\":6001}]}", TransactionErrorCode.InstructionError, InstructionErrorCode.Custom, 2, 6001u)]
    [InlineData("{\"InstructionError\":[3,\"InvalidArgument\"]}", TransactionErrorCode.InstructionError, InstructionErrorCode.InvalidArgument, 3, 0u)]
    [InlineData("{\"InstructionError\":[3,{\"BorshIoError\":\"Unknown\"}]}", TransactionErrorCode.InstructionError, InstructionErrorCode.BorshIoError, 3, 0u)]
    [InlineData("{\"InstructionError\":[3,\"NotYetInvented\"]}", TransactionErrorCode.InstructionError, InstructionErrorCode.Other, 3, 0u)]
    [InlineData("{\"DuplicateInstruction\":4}", TransactionErrorCode.DuplicateInstruction, InstructionErrorCode.None, 4, 0u)]
    [InlineData("{\"InsufficientFundsForRent\":{\"account_index\":7}}", TransactionErrorCode.InsufficientFundsForRent, InstructionErrorCode.None, 0, 0u)]
    [InlineData("\"NotYetInvented\"", TransactionErrorCode.Other, InstructionErrorCode.None, 0, 0u)]
    [InlineData("\"7\"", TransactionErrorCode.Other, InstructionErrorCode.None, 0, 0u)]
    public void Parse_reads_why_a_transaction_failed(string error, TransactionErrorCode code, InstructionErrorCode inner, byte instruction, uint custom)
    {
        var record = SampleBlock.Parse(SampleBlock.Changed(root => Meta(root)["err"] = JsonNode.Parse(error))).Transactions[0].Record;
        Assert.True(record.Flags.HasFlag(TransactionFlags.Failed));
        Assert.Equal((code, inner, instruction, custom), (record.ErrorCode, record.ErrorInstructionCode, record.ErrorInstruction, record.ErrorCustomCode));
    }

    [Theory]
    [InlineData("block-285000037.json", 285_000_037UL)]
    [InlineData("285000037.json", 285_000_037UL)]
    [InlineData("mainnet_285000037.json", 285_000_037UL)]
    [InlineData("block-7.json", 101UL)] // not above the parent: no slot
    [InlineData("get_block_base64.json", 101UL)]
    [InlineData("block.json", 101UL)]
    public void Parse_takes_the_slot_from_a_name_that_ends_with_one_else_the_parents_next(string name, ulong slot) =>
        Assert.Equal(slot, SampleBlock.Parse(SampleBlock.Of("json"), name).Block.Slot);

    [Fact]
    public void Parse_options_overrule_what_the_name_says()
    {
        var block = SampleBlock.Parse(SampleBlock.Of("json"), "block-500.json", new BlockFileOptions { Slot = 400, Stage = SightingStage.Confirmed });
        Assert.Equal((400UL, SightingStage.Confirmed), (block.Block.Slot, block.Block.Stage));
        Assert.Equal((400UL, SightingStage.Confirmed), (block.Transactions[0].Record.Slot, block.Transactions[0].Record.Stage));
    }

    [Fact]
    public void Parse_broken_json_names_the_file_and_the_byte()
    {
        var json = Encoding.UTF8.GetBytes("{\n\"a\": 1,\n\"b\": ?}");
        var broken = Assert.Throws<BlockFileException>(() => BlockFile.Parse(json, "x.json"));
        Assert.Equal("x.json: byte 15: this is not JSON; a getBlock result was expected", broken.Message);
        json[3] = 0xFF;
        Assert.Equal("x.json: byte 3: this is not UTF-8 text; a getBlock result was expected", Assert.Throws<BlockFileException>(() => BlockFile.Parse(json, "x.json")).Message);
        Assert.Equal("x.json: byte 0: the file is empty", Assert.Throws<BlockFileException>(() => BlockFile.Parse(default, "x.json")).Message);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("jsonParsed")]
    [InlineData("base64")]
    public void Parse_every_truncation_is_refused_as_incomplete(string encoding)
    {
        var json = Encoding.UTF8.GetBytes(SampleBlock.Of(encoding).TrimEnd());
        for (var length = 0; length < json.Length; length += 7)
        {
            var cut = Assert.Throws<BlockFileException>(() => BlockFile.Parse(json.AsMemory(0, length), "x.json"));
            Assert.Contains("x.json: byte ", cut.Message, StringComparison.Ordinal);
            Assert.Null(cut.TransactionIndex);
        }
    }

    [Theory]
    [InlineData("json")]
    [InlineData("jsonParsed")]
    [InlineData("base64")]
    public void Parse_every_changed_byte_gives_a_block_or_the_documented_exception(string encoding)
    {
        var json = Encoding.UTF8.GetBytes(SampleBlock.Of(encoding));
        for (var at = 0; at < json.Length; at += 2)
        {
            var changed = (byte[])json.Clone();
            changed[at] = (byte)(at % 3 == 0 ? '9' : at % 3 == 1 ? '"' : ']');
            try
            {
                Assert.NotNull(BlockFile.Parse(changed, "x.json"));
            }
            catch (BlockFileException refused)
            {
                Assert.StartsWith("x.json: ", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    public static TheoryData<string, string, string> Refusals() => new()
    {
        { "error", "$.error", "JSON-RPC error -32009 (Slot 5 was skipped)" },
        { "null result", "$.result", "it does not have this block" },
        { "signatures", "$.result.transactions", "transactionDetails \"signatures\"" },
        { "none", "$.result.transactions", "ask for transactionDetails \"full\"" },
        { "accounts", "transaction 0, $.result.transactions[0].transaction", "transactionDetails \"accounts\"" },
        { "version", "transaction 0, $.result.transactions[0].version", "versions \"legacy\", 0 and 1" },
        { "version1", "transaction 0, $.result.transactions[0].transaction.message.transactionConfig", "needs its configuration" },
        { "encoding", "transaction 0, $.result.transactions[0].transaction[1]", "encoding \"base64+zstd\" is not known" },
        { "key", "transaction 0, $.result.transactions[0].transaction.message.accountKeys[1]", "32-byte key" },
        { "index", "transaction 0, $.result.transactions[0].transaction", "names key 77" },
        { "inner index", "transaction 0, $.result.transactions[0]", "names key 77" },
        { "fee", "transaction 0, $.result.transactions[0].meta.fee", "a whole number" },
        { "balances", "transaction 0, $.result.transactions[0].meta.postBalances", "1 balances after" },
        { "data", "transaction 0, $.result.transactions[0].transaction.message.instructions[0].data", "not base58" },
        { "return data", "transaction 0, $.result.transactions[0].meta.returnData.data", "a pair of base64 text" },
        { "amount", "transaction 0, $.result.transactions[0].meta.preTokenBalances[0].uiTokenAmount.amount", "a whole number" },
        { "signature", "transaction 0, $.result.transactions[0].transaction.signatures[0]", "64-byte signature" },
        { "half a character", "transaction 0, $.result.transactions[0].meta.logMessages[0]", "unpaired surrogate" },
        { "base64", "transaction 0, $.result.transactions[0].transaction[0]", "base64 text was expected" },
        { "shape", "$.result", "an object with \"transactions\" was expected, this is an array" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Parse_says_what_is_wrong_where_and_what_to_do(string what, string where, string problem)
    {
        var json = SampleBlock.Changed(root => Damage(root, what)).Replace("HALF", "\\ud800", StringComparison.Ordinal);
        var refused = Assert.Throws<BlockFileException>(() => SampleBlock.Parse(json, "x.json"));
        Assert.StartsWith($"x.json: {where}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Equal(where.StartsWith("transaction 0", StringComparison.Ordinal) ? 0 : null, refused.TransactionIndex);
        Assert.Equal("x.json", refused.File);
    }

    [Fact]
    public void Load_missing_file_is_the_systems_own_error() =>
        Assert.Throws<FileNotFoundException>(() => BlockFile.Load(Path.Combine(AppContext.BaseDirectory, "no-such-block.json")));

    private static void Damage(JsonNode root, string what)
    {
        switch (what)
        {
            case "error":
                root.AsObject().Remove("result");
                root["error"] = JsonNode.Parse("""{"code":-32009,"message":"Slot 5 was skipped"}""");
                break;
            case "null result":
                root["result"] = null;
                break;
            case "signatures":
                root["result"]!.AsObject().Remove("transactions");
                root["result"]!["signatures"] = new JsonArray();
                break;
            case "none":
                root["result"]!.AsObject().Remove("transactions");
                break;
            case "accounts":
                Transaction(root)["transaction"] = JsonNode.Parse("""{"accountKeys":[],"signatures":[]}""");
                break;
            case "version":
                Transaction(root)["version"] = 2;
                break;
            case "version1":
                Transaction(root)["version"] = 1;
                break;
            case "encoding":
                Transaction(root)["transaction"] = new JsonArray("", "base64+zstd");
                break;
            case "key":
                Message(root)["accountKeys"]![1] = "not a key";
                break;
            case "index":
                Message(root)["instructions"]![0]!["accounts"]![1] = 77;
                break;
            case "inner index":
                Meta(root)["innerInstructions"] = JsonNode.Parse("""[{"index":0,"instructions":[{"programIdIndex":77,"accounts":[],"data":""}]}]""");
                break;
            case "fee":
                Meta(root)["fee"] = -1;
                break;
            case "balances":
                Meta(root)["postBalances"] = new JsonArray(1);
                break;
            case "data":
                Message(root)["instructions"]![0]!["data"] = "0OIl";
                break;
            case "return data":
                Meta(root)["returnData"] = JsonNode.Parse("""{"programId":"x","data":["AQI=","base58"]}""");
                break;
            case "amount":
                Meta(root)["preTokenBalances"] = JsonNode.Parse($$$"""[{"accountIndex":1,"mint":"{{{default(Pubkey)}}}","uiTokenAmount":{"amount":"1.5","decimals":3}}]""");
                break;
            case "signature":
                Transaction(root)["transaction"]!["signatures"]![0] = "abc";
                break;
            case "half a character":
                Meta(root)["logMessages"]![0] = "HALF";
                break;
            case "base64":
                Transaction(root)["transaction"] = new JsonArray("*", "base64");
                break;
            case "shape":
                root["result"] = new JsonArray();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, "No such damage.");
        }
    }
}
