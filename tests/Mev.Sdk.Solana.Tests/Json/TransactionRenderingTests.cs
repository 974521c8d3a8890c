using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Mev.Sdk.Solana.Json;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Tests.Json;

public sealed class TransactionRenderingTests
{
    private static readonly string[] Encodings = ["json", "json_parsed", "base64"];

    private static void RoundTrips(JsonElement original, TransactionParts parts, string what)
    {
        var json = TransactionRendering.Render(parts.Wire, parts.Meta, parts.Residual, parts.Encoding);
        using var again = JsonDocument.Parse(json);
        Assert.True(JsonElement.DeepEquals(original, again.RootElement), $"{what}\n{original}\n{again.RootElement}");
    }

    [Theory]
    [InlineData(RenderEncoding.Json)]
    [InlineData(RenderEncoding.JsonParsed)]
    [InlineData(RenderEncoding.Base64)]
    public void A_version_1_message_goes_to_JSON_and_back(RenderEncoding encoding)
    {
        var wire = Samples.V1().ToArray();
        var json = TransactionRendering.Render(wire, [], [], encoding);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(1, document.RootElement.GetProperty("version").GetInt32());
        if (encoding == RenderEncoding.Json)
        {
            // UiTransactionConfig of Agave has all four members, null where nothing is asked for.
            Assert.Equal(
                """{"priorityFee":9000,"computeUnitLimit":300000,"loadedAccountsDataSizeLimit":null,"heapSize":65536}""",
                document.RootElement.GetProperty("transaction").GetProperty("message").GetProperty("transactionConfig").GetRawText());
        }

        var parts = TransactionRendering.ToWireAndMeta(document.RootElement);
        Assert.Equal((encoding, true), (parts.Encoding, parts.IsComplete));
        Assert.Equal(wire, parts.Wire);
        Assert.Empty(parts.Residual);
    }

    [Fact]
    public void The_block_comes_back_equal_with_a_residual_of_a_few_bytes_a_transaction()
    {
        var (index, residual, json) = (0, 0, 0);
        foreach (var original in RealData.Block.EnumerateArray())
        {
            var parts = RealData.BlockParts[index];
            RoundTrips(original, parts, $"transaction {index++}");
            Assert.True(parts.IsComplete);
            residual += parts.Residual.Length;
            json += original.GetRawText().Length;
        }

        Assert.Equal(557, index);
        Assert.True(residual <= 3 * index, $"{residual} bytes of residual for {json} bytes of JSON");
    }

    [Fact]
    public void Every_single_transaction_comes_back_equal()
    {
        var (count, residual) = (0, 0);
        foreach (var (name, root) in RealData.Singles())
        {
            var parts = TransactionRendering.ToWireAndMeta(root.GetProperty("raw"));
            Assert.Equal(RenderEncoding.Base64, parts.Encoding);
            RoundTrips(root.GetProperty("raw"), parts, name);
            residual += parts.Residual.Length;
            count++;
        }

        // Slot, block time and cost units are what wire and meta do not carry.
        Assert.True(residual <= 60 * count, $"{residual} bytes of residual");
    }

    [Fact]
    public void All_three_encodings_of_a_block_come_back_equal_and_have_the_same_wire_and_meta()
    {
        var blocks = Encodings.Select(encoding => RealData.SmallBlock(encoding).EnumerateArray().ToArray()).ToArray();
        for (var i = 0; i < blocks[0].Length; i++)
        {
            var parts = blocks.Select(block => TransactionRendering.ToWireAndMeta(block[i])).ToArray();
            Assert.Equal([RenderEncoding.Json, RenderEncoding.JsonParsed, RenderEncoding.Base64], parts.Select(part => part.Encoding));
            for (var encoding = 0; encoding < parts.Length; encoding++)
            {
                RoundTrips(blocks[encoding][i], parts[encoding], $"{Encodings[encoding]} {i}");
                Assert.True(parts[encoding].Residual.Length <= 4, $"{Encodings[encoding]} {i}: {parts[encoding].Residual.Length} bytes of residual");
                Assert.Equal(parts[0].Wire, parts[encoding].Wire);
                Assert.Equal(parts[0].Meta, parts[encoding].Meta);
            }
        }
    }

    [Fact]
    public void What_is_rendered_as_jsonParsed_reads_back_to_the_same_bytes()
    {
        var (votes, whole) = (0, 0);
        foreach (var parts in RealData.BlockParts)
        {
            using var parsed = JsonDocument.Parse(TransactionRendering.Render(parts.Wire, parts.Meta, [], RenderEncoding.JsonParsed));
            var again = TransactionRendering.ToWireAndMeta(parsed.RootElement);
            Assert.Equal(RenderEncoding.JsonParsed, again.Encoding);
            var text = parsed.RootElement.GetRawText();
            votes += text.Contains("\"program\":\"vote\"", StringComparison.Ordinal) ? 1 : 0;
            Assert.True(again.IsComplete);
            if (WireTransaction.TryParse(parts.Wire, out var one) && WireTransaction.TryParse(again.Wire, out var other) && one.ReadonlyUnsigned == other.ReadonlyUnsigned)
            {
                Assert.Equal(parts.Wire, again.Wire);
                Assert.Equal(parts.Meta, again.Meta);
                whole++;
            }
        }

        // jsonParsed has no header; where a reserved key stands among the writable ones, the header that follows from it is another one.
        Assert.Equal(62, votes);
        Assert.True(whole >= 540, $"{whole} transactions");
    }

    [Fact]
    public void A_tower_sync_is_rebuilt_from_its_rendering()
    {
        var (payer, account, hash, block) = (Samples.Key(1).ToString(), Samples.Key(2).ToString(), Samples.Key(3).ToString(), Samples.Key(4).ToString());
        using var json = JsonDocument.Parse($$$$$"""
            {"version":"legacy","meta":null,"transaction":{"signatures":["{{{{{Samples.Sig(1)}}}}}"],"message":{"recentBlockhash":"{{{{{hash}}}}}","accountKeys":[
              {"pubkey":"{{{{{payer}}}}}","signer":true,"writable":true,"source":"transaction"},{"pubkey":"{{{{{account}}}}}","signer":false,"writable":true,"source":"transaction"},
              {"pubkey":"Vote111111111111111111111111111111111111111","signer":false,"writable":false,"source":"transaction"}],
              "instructions":[{"program":"vote","programId":"Vote111111111111111111111111111111111111111","stackHeight":1,"parsed":{"type":"towersync","info":{
                "voteAccount":"{{{{{account}}}}}","voteAuthority":"{{{{{payer}}}}}","towerSync":{"root":100,"hash":"{{{{{hash}}}}}","timestamp":7,"blockId":"{{{{{block}}}}}",
                "lockouts":[{"slot":101,"confirmation_count":3},{"slot":400,"confirmation_count":1}]}}}}]}}}
            """);
        var parts = TransactionRendering.ToWireAndMeta(json.RootElement);
        Assert.True(parts.IsComplete);
        Assert.True(WireTransaction.TryParse(parts.Wire, out var wire));
        var instructions = wire.Instructions;
        Assert.True(instructions.MoveNext());
        Assert.Equal<byte>([1, 0], instructions.Current.Accounts);
        var (hashKey, blockKey) = (Samples.Key(3), Samples.Key(4));
        byte[] expected =
        [
            14, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 2, 1, 3, 0xAB, 0x02, 1,
            .. Pubkey.AsSpan(in hashKey), 1, 7, 0, 0, 0, 0, 0, 0, 0, .. Pubkey.AsSpan(in blockKey),
        ];
        Assert.Equal<byte>(expected, instructions.Current.Data);
        RoundTrips(json.RootElement, parts, "tower sync");
    }

    [Fact]
    public void What_a_provider_adds_comes_back()
    {
        var parts = TransactionRendering.ToWireAndMeta(Strange().RootElement);
        RoundTrips(Strange().RootElement, parts, "strange members");
    }

    [Fact]
    public void A_rendering_that_loses_the_data_comes_back_and_says_that_it_is_incomplete()
    {
        var key = Samples.Key(1).ToString();
        using var json = JsonDocument.Parse($$$$$"""
            {"meta":null,"transaction":{"signatures":["{{{{{Samples.Sig(1)}}}}}"],"message":{"recentBlockhash":"{{{{{key}}}}}",
              "accountKeys":[{"pubkey":"{{{{{key}}}}}","signer":true,"writable":true},{"pubkey":"11111111111111111111111111111111","signer":false,"writable":false}],
              "instructions":[{"program":"system","programId":"11111111111111111111111111111111","parsed":{"type":"somethingNew","info":{"x":1}}}]}}}
            """);
        var parts = TransactionRendering.ToWireAndMeta(json.RootElement);
        Assert.False(parts.IsComplete);
        RoundTrips(json.RootElement, parts, "incomplete");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"transaction":["AAAA","base64"],"meta":null}""")]
    [InlineData("""{"transaction":["AAAA","base99"],"meta":null}""")]
    [InlineData("""{"transaction":{"message":{"header":null}},"meta":null}""")]
    [InlineData("""[1]""")]
    public void What_is_no_transaction_is_refused(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Throws<FormatException>(() => TransactionRendering.ToWireAndMeta(document.RootElement));
    }

    [Fact]
    public void Render_refuses_bytes_that_are_no_transaction()
    {
        Assert.Throws<FormatException>(() => TransactionRendering.Render([1, 2, 3], [], [], RenderEncoding.Json));
        Assert.Throws<FormatException>(() => TransactionRendering.Render(Samples.Legacy().ToArray(), [0xFF], [], RenderEncoding.Json));
    }

    [Theory]
    [InlineData(RenderEncoding.Json, "inner")]
    [InlineData(RenderEncoding.JsonParsed, "inner")]
    [InlineData(RenderEncoding.Base64, "inner")]
    [InlineData(RenderEncoding.Json, "outer")]
    [InlineData(RenderEncoding.JsonParsed, "outer")]
    [InlineData(RenderEncoding.Base58, "wire")]
    public void Render_refuses_base58_of_more_than_10_KiB(RenderEncoding encoding, string where)
    {
        Assert.NotEmpty(Render(10_240));
        var refused = Assert.Throws<FormatException>(() => Render(10_241)).Message;
        Assert.EndsWith("of 10241 bytes cannot be rendered as base58; the runtime's largest instruction data has 10240", refused, StringComparison.Ordinal);

        byte[] Render(int size)
        {
            // The wire's length byte of the data grows from one byte to two.
            var data = new byte[where == "wire" ? size - Wire([]).Length - 1 : size];
            data.AsSpan().Fill(0xA5);
            byte[] meta = where == "inner" ? new StatusMetaBuilder().AddInnerInstruction(0, 1, [0], data).ToArray() : [];
            return TransactionRendering.Render(Wire(where == "inner" ? [] : data), meta, [], encoding);
        }

        static byte[] Wire(byte[] data) => new TransactionBuilder().AddSignature(Samples.Sig(1)).SetHeader(1, 0, 1)
            .AddKey(Samples.Key(10)).AddKey(Samples.Key(12)).SetRecentBlockhash(Samples.Key(99)).AddInstruction(1, [0], data).ToArray();
    }

    [Property]
    public bool A_damaged_residual_is_refused_or_renders_something(byte[] residual)
    {
        try
        {
            return TransactionRendering.Render(Samples.V0().ToArray(), new StatusMetaBuilder().ToArray(), residual, RenderEncoding.Json).Length > 0;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    [Fact]
    public void Every_changed_byte_of_a_residual_is_refused_or_renders_something()
    {
        var parts = TransactionRendering.ToWireAndMeta(Strange().RootElement);
        for (var at = 0; at < parts.Residual.Length; at++)
        {
            for (var value = 0; value < 256; value++)
            {
                var changed = (byte[])parts.Residual.Clone();
                changed[at] = (byte)value;
                try
                {
                    TransactionRendering.Render(parts.Wire, parts.Meta, changed, parts.Encoding);
                }
                catch (InvalidDataException)
                {
                    // The documented refusal.
                }
            }
        }
    }

    private static JsonDocument Strange()
    {
        var wire = Convert.ToBase64String(Samples.V0().ToArray());
        return JsonDocument.Parse($$$$$"""
            {"transaction":["{{{{{wire}}}}}","base64"],"version":0,"extra":[1,{"deep":null}],"slot":12345678901234567890,
             "meta":{"err":{"InstructionError":[0,{"BorshIoError":"Unknown"}]},"status":{"Err":"x"},"fee":5000,"preBalances":[1,2],"postBalances":[0,2],
             "innerInstructions":null,"logMessages":null,"preTokenBalances":[],"postTokenBalances":null,"costUnits":1.5e3,
             "loadedAddresses":{"writable":["{{{{{Samples.Key(7)}}}}}","{{{{{Samples.Key(8)}}}}}"],"readonly":["{{{{{Samples.Key(9)}}}}}"]},
             "rewards":[{"pubkey":"x","lamports":-1}]}}
            """);
    }
}
