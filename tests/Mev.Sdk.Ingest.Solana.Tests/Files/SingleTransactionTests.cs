using System.Text;
using System.Text.Json;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Tests;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Ingest.Solana.Tests.Files;

/// <summary>59 transactions of 2025-26 from about 40 protocols.</summary>
public sealed class SingleTransactionTests
{
    /// <summary>
    /// Of the 44 successful transactions that the data's authors call a trade, those in which a swap was found. By their token transfers the five
    /// others hold none: a trade of 0 tokens, a flash loan, orders without a fill, a removal of liquidity, a harvest of farm rewards.
    /// </summary>
    private const int AgreementFloor = 39;

    private static IReadOnlyList<(string Name, JsonElement Root)> Samples()
    {
        var files = ChainData.Files("solana/transactions", "*.json");
        Assert.SkipWhen(files.Count == 0, ChainData.MissingReason);
        return [.. files.Select(file => (Path.GetFileName(file), JsonDocument.Parse(File.ReadAllBytes(file)).RootElement))];
    }

    private static BlockTransaction Load(string name, JsonElement root)
    {
        var zero = default(Pubkey).ToString();
        var json = $$"""{"blockhash":"{{zero}}","previousBlockhash":"{{zero}}","parentSlot":1,"transactions":[{{root.GetProperty("raw").GetRawText()}}]}""";
        return BlockFile.Parse(Encoding.UTF8.GetBytes(json), name).Transactions[0];
    }

    [Fact]
    public void Wire_of_every_transaction_parses_and_builds_again_to_the_same_bytes()
    {
        foreach (var (name, root) in Samples())
        {
            var wire = root.GetProperty("raw").GetProperty("transaction")[0].GetBytesFromBase64();
            Assert.True(WireTransaction.TryParse(wire, out var view, out var failure), $"{name}: {failure}");
            Assert.Equal(root.GetProperty("signature").GetString(), view.Signatures[0].ToString());
            Assert.Equal(wire, Rebuild.From(in view));
        }
    }

    [Fact]
    public void Every_truncation_of_a_real_transaction_is_refused()
    {
        foreach (var (name, root) in Samples().Take(10))
        {
            var wire = root.GetProperty("raw").GetProperty("transaction")[0].GetBytesFromBase64();
            for (var length = 0; length < wire.Length; length++)
            {
                Assert.False(WireTransaction.TryParse(wire.AsSpan(0, length), out _), $"{name} at {length}");
            }
        }
    }

    [Fact]
    public void Meta_of_every_transaction_carries_what_the_json_says()
    {
        foreach (var (name, root) in Samples())
        {
            var json = root.GetProperty("raw").GetProperty("meta");
            var transaction = Load(name, root);
            Assert.True(StatusMeta.TryParse(transaction.Meta.Span, out var meta));
            Assert.Equal(json.GetProperty("fee").GetUInt64(), meta.FeeLamports);
            var (inner, logs, tokens) = (0, 0, 0);
            foreach (var _ in meta.InnerInstructions)
            {
                inner++;
            }

            foreach (var line in meta.LogMessages)
            {
                Assert.Equal(json.GetProperty("logMessages")[logs++].GetString(), Encoding.UTF8.GetString(line));
            }

            foreach (var balance in meta.PostTokenBalances)
            {
                var expected = json.GetProperty("postTokenBalances")[tokens++];
                Assert.Equal(expected.GetProperty("mint").GetString(), balance.Mint.ToString());
                Assert.Equal(expected.GetProperty("owner").GetString(), balance.Owner.ToString());
                Assert.Equal(expected.GetProperty("uiTokenAmount").GetProperty("amount").GetString(), balance.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            Assert.Equal(json.GetProperty("innerInstructions").EnumerateArray().Sum(g => g.GetProperty("instructions").GetArrayLength()), inner);
            Assert.Equal(json.GetProperty("logMessages").GetArrayLength(), logs);
            Assert.Equal(json.GetProperty("postTokenBalances").GetArrayLength(), tokens);
        }
    }

    [Fact]
    public void Swaps_are_found_in_what_others_call_a_trade()
    {
        var (agreed, trades) = (0, 0);
        foreach (var (name, root) in Samples())
        {
            var transaction = Load(name, root);
            var isTrade = root.GetProperty("expected").TryGetProperty("trade", out var trade) && trade.ValueKind == JsonValueKind.True;
            if (isTrade && !transaction.Record.Flags.HasFlag(TransactionFlags.Failed))
            {
                trades++;
                agreed += transaction.Swaps.IsEmpty ? 0 : 1;
            }
        }

        Assert.True(agreed >= AgreementFloor, $"{agreed} of {trades}");
    }

    [Theory]
    [InlineData("stake_delegate_1.json")]
    [InlineData("transfer_self_1.json")]
    [InlineData("remove_liquidity_meteora_dlmm_1.json")]
    [InlineData("create_token_pumpfun_1.json")]
    [InlineData("migrate_pumpfun_1.json")]
    public void No_swap_is_found_where_there_is_none(string name)
    {
        var (_, root) = Samples().Single(sample => sample.Name == name);
        Assert.True(Load(name, root).Swaps.IsEmpty);
    }

    [Theory]
    [InlineData("swap_raydium_cpmm_1.json", VenueId.RaydiumCpmm)]
    [InlineData("swap_raydium_clmm_1.json", VenueId.RaydiumClmm)]
    [InlineData("swap_pumpswap_1.json", VenueId.PumpSwap)]
    [InlineData("swap_serum_v3_1.json", VenueId.RaydiumV4)]
    [InlineData("buy_token_pumpfun_1.json", VenueId.PumpFun)]
    [InlineData("swap_dflow_1.json", VenueId.OrcaWhirlpool)]
    [InlineData("swap_titan_1.json", VenueId.MeteoraDlmm)]
    public void Venues_are_recognised(string name, VenueId venue)
    {
        var (_, root) = Samples().Single(sample => sample.Name == name);
        Assert.Contains(Load(name, root).Swaps.ToArray(), swap => swap.Venue == venue);
    }

    [Fact]
    public void Legs_of_a_route_hand_on_what_they_got()
    {
        var (name, root) = Samples().Single(sample => sample.Name == "swap_orca_whirlpool_1.json");
        var swaps = Load(name, root).Swaps.ToArray();
        Assert.Equal(4, swaps.Length);
        for (var i = 1; i < swaps.Length; i++)
        {
            Assert.Equal((swaps[i - 1].MintOut, swaps[i - 1].AmountOut), (swaps[i].MintIn, swaps[i].AmountIn));
        }

        Assert.Equal(swaps[0].MintIn, swaps[^1].MintOut);
        Assert.All(swaps, swap => Assert.True(swap.Flags.HasFlag(SwapFlags.Routed)));
    }
}
