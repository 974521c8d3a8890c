using System.Text;
using System.Text.Json;
using Mev.Sdk.Ingest.Solana.Blocks;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Ingest.Solana.Tests.Files;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Solana.Tests.Blocks;

/// <summary>The scanner beside the framework's reader, on what both should take and on what neither may.</summary>
public sealed class JsonScannerTests
{
    private static readonly byte[] Interesting = [.. "\"\\{}[],:09-.eE+ \n\tnu1"u8, 0x01, 0x1F, 0x7F, 0x80, 0xC3, 0xFF];

    [Theory]
    [InlineData("json", false)]
    [InlineData("json", true)]
    [InlineData("base64", false)]
    [InlineData("jsonParsed", false)]
    public void Read_of_mutated_blocks_accepts_only_json_and_reads_it_as_the_thorough_reader_does(string encoding, bool blanks)
    {
        var good = Rich(encoding, blanks);
        var isLong = Environment.GetEnvironmentVariable("MEV_LONG") == "1";
        var random = new Random(11);
        var transactions = good.AsSpan().IndexOf("\"transactions\":"u8) + 16;
        var decoder = new BlockDecoder();
        using var block = new DecodedBlock();
        int ok = 0, broken = 0;
        for (var at = 0; at < good.Length; at++)
        {
            for (var turn = 0; turn < (isLong ? 3 * Interesting.Length : 3); turn++)
            {
                var value = isLong ? Interesting[turn / 3] : Interesting[random.Next(Interesting.Length)];
                var mutated = (turn % 3) switch
                {
                    0 => [.. good.AsSpan(0, at), value, .. good.AsSpan(at + 1)],
                    1 => [.. good.AsSpan(0, at), value, .. good.AsSpan(at)],
                    _ => (byte[])[.. good.AsSpan(0, at), .. good.AsSpan(at + 1)],
                };
                var status = decoder.Read(mutated, 101, SightingStage.Confirmed, block);
                var isJson = IsJson(mutated);
                Assert.True(isJson || status != BlockReadStatus.Ok, Describe("not JSON, and read", mutated, at));
                Assert.True(!isJson || status != BlockReadStatus.Broken, Describe($"JSON, and refused: {block.Problem}", mutated, at));
                if (status == BlockReadStatus.Ok && block.Unreadable == 0 && at > transactions)
                {
                    AssertSame(mutated, block, at);
                }

                ok += status == BlockReadStatus.Ok ? 1 : 0;
                broken += status == BlockReadStatus.Broken ? 1 : 0;
            }
        }

        Assert.True(ok > 100 && broken > 100, $"{ok} read, {broken} broken");
    }

    [Theory]
    [InlineData("\n ", true)]
    [InlineData("}", false)]
    [InlineData("{}", false)]
    [InlineData("x", false)]
    public void Read_of_a_block_with_something_behind_it_takes_blanks_only(string behind, bool isRead)
    {
        using var block = new DecodedBlock();
        Assert.Equal(isRead ? BlockReadStatus.Ok : BlockReadStatus.Broken, new BlockDecoder().Read([.. Rich("json", blanks: false), .. Encoding.UTF8.GetBytes(behind)], 101, SightingStage.Confirmed, block));
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("-0", true)]
    [InlineData("12.5", true)]
    [InlineData("1e9", true)]
    [InlineData("-1.25E-7", true)]
    [InlineData("1E+3", true)]
    [InlineData("00", false)]
    [InlineData("-", false)]
    [InlineData("1.", false)]
    [InlineData(".5", false)]
    [InlineData("1e", false)]
    [InlineData("1e+", false)]
    [InlineData("+1", false)]
    [InlineData("0x1", false)]
    [InlineData("nul", false)]
    [InlineData("nulll", false)]
    [InlineData("true", true)]
    [InlineData("false", true)]
    [InlineData("falsE", false)]
    [InlineData("\"a\\u00e9\\n\"", true)]
    [InlineData("\"a\\x\"", false)]
    [InlineData("\"a\u0001\"", false)]
    [InlineData("{\"Ok\":null}", true)]
    [InlineData("{\"Ok\":null,}", false)]
    [InlineData("[]", true)]
    [InlineData("[1,]", false)]
    [InlineData("[1 2]", false)]
    [InlineData("{\"a\" 1}", false)]
    [InlineData("[{\"a\":[{}]},\"]\"]", true)]
    [InlineData("[\"a", false)]
    [InlineData("", false)]
    public void TrySkip_takes_what_the_reader_takes(string value, bool expected)
    {
        var json = Encoding.UTF8.GetBytes($"[1,{value},2]");
        Assert.Equal(expected, IsJson(json) && value.Length > 0);
        var scanner = new JsonScanner(json, 0);
        var took = scanner.TryOpen((byte)'[') && scanner.NextItem() && scanner.TryNumber(out _) && scanner.NextItem() && scanner.TrySkip()
            && scanner.NextItem() && scanner.TryNumber(out var last) && last == 2 && !scanner.NextItem() && scanner.Closed;
        Assert.Equal(expected, took);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("7", true)]
    [InlineData("18446744073709551615", true)]
    [InlineData("18446744073709551616", false)]
    [InlineData("00000000000000000001", false)]
    [InlineData("07", false)]
    [InlineData("184467440737095516150", false)]
    [InlineData("-1", false)]
    [InlineData("1.0", false)]
    [InlineData("1e3", false)]
    [InlineData("\"1\"", false)]
    public void TryNumber_takes_whole_numbers_only(string text, bool expected)
    {
        var scanner = new JsonScanner(Encoding.UTF8.GetBytes($"[ {text} ]"), 0);
        Assert.True(scanner.TryOpen((byte)'[') && scanner.NextItem());
        var took = scanner.TryNumber(out var number) && !scanner.NextItem() && scanner.Closed;
        Assert.Equal(expected, took);
        Assert.Equal(expected ? text : "0", expected ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : "0");
    }

    [Fact]
    public void TryText_finds_the_end_of_texts_of_every_length_at_every_distance_from_the_end()
    {
        for (var length = 0; length < 100; length++)
        {
            for (var behind = 0; behind < 40; behind++)
            {
                var json = Encoding.ASCII.GetBytes($"\"{new string('x', length)}\"{new string(' ', behind)}");
                var scanner = new JsonScanner(json, 0);
                Assert.True(scanner.TryText(out var text));
                Assert.Equal((length, length + 2), (text.Length, scanner.Position));
                foreach (var special in "\\\n\0"u8)
                {
                    if (length > 0)
                    {
                        json[1 + (length / 2)] = special;
                        var refused = new JsonScanner(json, 0);
                        Assert.False(refused.TryText(out _));
                    }
                }
            }
        }
    }

    [Fact]
    public void TryAnyText_unescapes_and_refuses_half_characters()
    {
        var scratch = new ByteBuffer();
        var scanner = new JsonScanner("[\"a\\n\\u00fc\\ud83d\\ude00\",\"plain\",\"\\ud800\"]"u8, 0);
        Assert.True(scanner.TryOpen((byte)'[') && scanner.NextItem());
        Assert.True(scanner.TryAnyText(out var text, scratch));
        Assert.Equal("a\n\u00fc\ud83d\ude00", Encoding.UTF8.GetString(text));
        Assert.True(scanner.NextItem() && scanner.TryAnyText(out text, scratch));
        Assert.Equal("plain", Encoding.UTF8.GetString(text));
        Assert.True(scanner.NextItem());
        Assert.False(scanner.TryAnyText(out _, scratch));
        var number = new JsonScanner("7"u8, 0);
        Assert.False(number.TryAnyText(out _, scratch));
    }

    [Fact]
    public void Read_of_members_that_come_twice_takes_the_last_as_the_thorough_reader_does()
    {
        var json = Encoding.UTF8.GetString(Rich("json", blanks: false))
            .Replace("\"logMessages\":", "\"logMessages\":[\"first\"],\"logMessages\":", StringComparison.Ordinal)
            .Replace("\"instructions\":", "\"instructions\":[],\"instructions\":", StringComparison.Ordinal)
            .Replace("\"accountKeys\":", "\"accountKeys\":[],\"accountKeys\":", StringComparison.Ordinal);
        using var block = new DecodedBlock();
        Assert.Equal(BlockReadStatus.Ok, new BlockDecoder().Read(Encoding.UTF8.GetBytes(json), 101, SightingStage.Confirmed, block));
        Assert.Equal(0, block.Unreadable);
        AssertSame(Encoding.UTF8.GetBytes(json), block, 0);
    }

    private static byte[] Rich(string encoding, bool blanks)
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(SampleBlock.Of(encoding))!;
        var meta = root["result"]!["transactions"]![0]!["meta"]!;
        meta["logMessages"] = System.Text.Json.Nodes.JsonNode.Parse("""["a\"b\u00fc","plain",""]""");
        meta["status"] = System.Text.Json.Nodes.JsonNode.Parse("""{"Ok":null}""");
        if (encoding == "json")
        {
            meta["postTokenBalances"] = System.Text.Json.Nodes.JsonNode.Parse(
                $$$"""[{"accountIndex":1,"mint":"{{{Mev.Sdk.Solana.Tests.Samples.Key(5)}}}","owner":"{{{Mev.Sdk.Solana.Tests.Samples.Key(6)}}}","programId":"{{{Mev.Sdk.Solana.Tests.Samples.Key(7)}}}","uiTokenAmount":{"amount":"1500","decimals":3,"uiAmount":1.5e0,"uiAmountString":"1.5"}}]""");
            meta["innerInstructions"] = System.Text.Json.Nodes.JsonNode.Parse("""[{"index":0,"instructions":[{"programIdIndex":4,"accounts":[1,2],"data":"3Bxs4","stackHeight":2}]}]""");
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString(new JsonSerializerOptions { WriteIndented = blanks }));
    }

    private static bool IsJson(byte[] bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return false;
        }

        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Describe(string what, byte[] json, int at) => $"{what} at {at}: {Encoding.Latin1.GetString(json, Math.Max(0, at - 60), Math.Min(120, json.Length - Math.Max(0, at - 60)))}";

    private static void AssertSame(byte[] json, DecodedBlock block, int at)
    {
        BlockFile expected;
        try
        {
            expected = BlockFile.Parse(json, "block.json");
        }
        catch (BlockFileException exception)
        {
            Assert.Fail(Describe($"the thorough reader refuses it: {exception.Message}", json, at));
            return;
        }

        Assert.Equal(expected.Transactions.Count, block.Transactions.Count);
        for (var i = 0; i < expected.Transactions.Count; i++)
        {
            Assert.True(TransactionView.TryRead(new RecordView(Lsn.None, block[block.Transactions[i]].Span), out var view));
            Assert.True(view.Wire.SequenceEqual(expected.Transactions[i].Wire.Span), Describe("other wire bytes", json, at));
            Assert.True(view.Meta.SequenceEqual(expected.Transactions[i].Meta.Span), Describe("another meta", json, at));
        }
    }
}
