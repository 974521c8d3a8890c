using System.Text.Json.Nodes;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Tests.Files;

/// <summary>Files that somebody made to bring the process down or to keep it busy.</summary>
public sealed class HostileFileTests
{
    private const string Transaction = "$.result.transactions[0]";

    [Theory]
    [InlineData("\"InstructionError\"")]
    [InlineData("\"+9\"")]
    [InlineData("\" 9\"")]
    [InlineData("\"9\"")]
    [InlineData("\"\"")]
    [InlineData("\"AccountInUse, InstructionError\"")]
    [InlineData("{\"+9\":[0,\"Custom\"]}")]
    public void Parse_error_that_is_no_name_or_lacks_what_it_carries_is_still_a_failure(string error)
    {
        var record = Parse(root => Meta(root)["err"] = JsonNode.Parse(error)).Transactions[0].Record;
        Assert.True(record.Flags.HasFlag(TransactionFlags.Failed));
        Assert.Equal(TransactionErrorCode.Other, record.ErrorCode);
    }

    [Fact]
    public void Parse_instruction_error_that_is_no_name_is_other()
    {
        var record = Parse(root => Meta(root)["err"] = JsonNode.Parse("""{"InstructionError":[1,"+3"]}""")).Transactions[0].Record;
        Assert.Equal((TransactionErrorCode.InstructionError, 1, InstructionErrorCode.Other), (record.ErrorCode, record.ErrorInstruction, record.ErrorInstructionCode));
    }

    [Fact]
    public void Parse_refuses_an_instruction_that_no_compact_count_can_hold()
    {
        var indices = new JsonArray([.. Enumerable.Repeat(0, 65_536).Select(index => (JsonNode)index)]);
        Refused(root => Message(root)["instructions"]![0]!["accounts"] = indices, Transaction, "65536 bytes of an instruction or lookup are more than");
    }

    [Fact]
    public void Parse_refuses_a_memo_that_no_compact_count_can_hold() =>
        Refused(root => Message(root)["instructions"]![8]!["parsed"] = new string('a', 65_536), Transaction, "65536 bytes of an instruction or lookup are more than", "jsonParsed");

    [Fact]
    public void Parse_refuses_an_amount_text_that_is_short_in_characters_and_long_in_bytes() =>
        Refused(
            root => Meta(root)["preTokenBalances"] = JsonNode.Parse(
                $$$"""[{"accountIndex":1,"mint":"{{{default(Pubkey)}}}","uiTokenAmount":{"amount":"1","decimals":3,"uiAmountString":"{{{new string('\u20ac', 280)}}}"}}]"""),
            Transaction,
            "");

    [Theory]
    [InlineData('1')]
    [InlineData('z')]
    public void Parse_refuses_base58_longer_than_any_instruction_data(char digit)
    {
        const string Problem = "characters of base58 are more than the runtime's largest instruction data can need (14100)";
        var text = new string(digit, 1 << 20);
        Refused(root => Message(root)["instructions"]![0]!["data"] = text, $"{Transaction}.transaction.message.instructions[0].data", Problem);
        Refused(root => Message(root)["instructions"]![0]!["data"] = text[..14_101], $"{Transaction}.transaction.message.instructions[0].data", "14101 " + Problem);
        Refused(root => root["result"]!["transactions"]![0]!["transaction"] = text, $"{Transaction}.transaction", Problem);
    }

    [Fact]
    public void Parse_takes_the_runtimes_largest_inner_instruction_data()
    {
        var data = Enumerable.Repeat((byte)0xFF, 10 * 1024).ToArray();
        var block = Parse(root => Meta(root)["innerInstructions"] = Inner(1, Base58.Encode(data)));
        Assert.True(block.Transactions[0].Meta.Span.IndexOf(data) > 0);
    }

    [Fact]
    public void Parse_refuses_more_inner_instructions_than_any_runtime_executed() =>
        Refused(root => Meta(root)["innerInstructions"] = Inner(1_024, ""), Transaction, "meta: more than 1024 outer and inner instructions");

    private static JsonArray Inner(int count, string data)
    {
        var instructions = Enumerable.Range(0, count).Select(_ => (JsonNode)new JsonObject { ["programIdIndex"] = 5, ["accounts"] = new JsonArray(), ["data"] = data });
        return [new JsonObject { ["index"] = 0, ["instructions"] = new JsonArray([.. instructions]) }];
    }

    private static void Refused(Action<JsonNode> change, string where, string problem, string encoding = "json")
    {
        var refused = Assert.Throws<BlockFileException>(() => Parse(change, encoding));
        Assert.StartsWith($"x.json: transaction 0, {where}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, refused.TransactionIndex);
    }

    private static BlockFile Parse(Action<JsonNode> change, string encoding = "json") => SampleBlock.Parse(SampleBlock.Changed(change, encoding), "x.json");

    private static JsonNode Meta(JsonNode root) => root["result"]!["transactions"]![0]!["meta"]!;

    private static JsonNode Message(JsonNode root) => root["result"]!["transactions"]![0]!["transaction"]!["message"]!;
}
