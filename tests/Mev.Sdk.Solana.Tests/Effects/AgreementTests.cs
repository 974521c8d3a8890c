using System.Text.Json;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Json;

namespace Mev.Sdk.Solana.Tests.Effects;

/// <summary>Compares what is found in the single transactions with what their collectors call a trade.</summary>
public sealed class AgreementTests
{
    /// <summary>Every disagreement, with the movements that justify it. Key: file; value: what moved.</summary>
    private static readonly Dictionary<string, string> Disagreements = new(StringComparer.Ordinal)
    {
        ["create_pool_raydium_v4_1.json"] = "called no trade, but 55,159,038,171 6ZrY go in at a Raydium v4 vault and 198,252,165 wSOL come out, then wSOL to USDC and USDC to USDT below DFlow",
        ["swap_byreal_via_jupiter_2.json"] = "called no trade, but 10,000,000 XsDo go into a Byreal vault and 38,036,476 USDC come out of the other below OKX Labs",
        ["dual_parser_trade.json"] = "called a trade, but the transfer that would be its other side moves 0 tokens; 31,026,627 wSOL are only withdrawn",
        ["swap_kamino_lending_1.json"] = "called a trade, but the only movement is one reward, handed on: 19,052 of one mint, twice",
        ["swap_lifinity_v2_1.json"] = "called a trade, but it is a flash loan: 194,916,147,575 wSOL go to the bot and the same amount goes back",
        ["swap_phoenix_1.json"] = "called a trade, but it places and cancels orders; no token moves",
        ["swap_sugar_1.json"] = "called a trade, but both tokens come out of a Raydium CPMM pool: a removal of liquidity",
        ["swap_goonfi_dp_1.json"] = "called a trade, but it failed before any token moved in a swap",
    };

    [Fact]
    public void Swaps_are_found_where_others_see_a_trade_and_every_disagreement_is_listed()
    {
        var effects = new TransactionEffects();
        var disagreed = new List<string>();
        foreach (var (name, root) in RealData.Singles())
        {
            if (!root.GetProperty("expected").TryGetProperty("trade", out var trade))
            {
                continue;
            }

            var parts = TransactionRendering.ToWireAndMeta(root.GetProperty("raw"));
            var outcome = effects.Read(parts.Wire, parts.Meta, out var error);
            Assert.True(outcome is EffectsOutcome.Done or EffectsOutcome.Failed, error);

            // The collection also calls a trade what failed; those are attempts here, and no swaps.
            var found = outcome == EffectsOutcome.Failed ? effects.Attempts.Length : effects.Swaps.Length;
            Assert.Equal(outcome == EffectsOutcome.Failed, effects.Swaps.IsEmpty && outcome != EffectsOutcome.Done);
            if (found > 0 != (trade.ValueKind == JsonValueKind.True))
            {
                disagreed.Add(name);
            }
        }

        Assert.Equal(Disagreements.Keys.Order(StringComparer.Ordinal), disagreed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_leg_is_an_aggregators_and_every_leg_is_whole()
    {
        var effects = new TransactionEffects();
        var legs = 0;
        foreach (var (name, root) in RealData.Singles())
        {
            var parts = TransactionRendering.ToWireAndMeta(root.GetProperty("raw"));
            effects.Read(parts.Wire, parts.Meta, out _);
            foreach (ref readonly var swap in effects.Swaps)
            {
                legs++;
                Assert.False(Addresses.Aggregators.Contains(in swap.Program), name);
                Assert.NotEqual(VenueId.JupiterV6, swap.Venue);
                Assert.NotEqual(swap.MintIn, swap.MintOut);
                Assert.True(swap.AmountIn > 0 && swap.AmountOut > 0 && !swap.Trader.IsZero && !swap.MintIn.IsZero && !swap.MintOut.IsZero, name);
                Assert.True(swap.MinimumAmountOut <= swap.AmountOut, $"{name}: got {swap.AmountOut}, the least accepted was {swap.MinimumAmountOut}");
                Assert.Equal(swap.Venue == VenueId.Unknown, swap.Flags.HasFlag(SwapFlags.FromTokenMovements) && swap.Pool.IsZero && swap.Venue == VenueId.Unknown);
            }
        }

        Assert.True(legs >= 75, $"{legs} legs");
        Assert.Equal(0, effects.Counts.Refused);
        Assert.Equal(0, effects.Counts.UnknownInstructions);
    }

    [Theory]
    [InlineData("remove_liquidity_meteora_dlmm_1.json", LiquidityAction.Remove, VenueId.MeteoraDlmm, 1_500_001_496UL)]
    [InlineData("swap_sugar_1.json", LiquidityAction.Remove, VenueId.RaydiumCpmm, 3_126UL)]
    [InlineData("migrate_pumpfun_1.json", LiquidityAction.Create, VenueId.PumpSwap, 206_900_000_000_000UL)]
    [InlineData("create_token_pumpfun_1.json", LiquidityAction.Create, VenueId.PumpFun, 0UL)]
    public void Changes_of_liquidity_are_found(string name, LiquidityAction action, VenueId venue, ulong amount)
    {
        var effects = new TransactionEffects();
        var parts = RealData.Single(name);
        Assert.Equal(EffectsOutcome.Done, effects.Read(parts.Wire, parts.Meta, out _));
        var change = Assert.Single(effects.LiquidityChanges.ToArray());
        Assert.Equal((action, venue, amount), (change.Action, change.Venue, change.AmountA));
        Assert.False(change.Pool.IsZero);
    }

    [Fact]
    public void The_block_has_its_known_numbers()
    {
        var effects = new TransactionEffects();
        var (swaps, tips, tipLamports, movements) = (0, 0, 0UL, 0);
        foreach (var parts in RealData.BlockParts)
        {
            effects.Read(parts.Wire, parts.Meta, out var error);
            Assert.Null(error);
            swaps += effects.Swaps.Length;
            foreach (ref readonly var tip in effects.Tips)
            {
                tips++;
                tipLamports += tip.Lamports;
            }

            movements += effects.Movements.Length;
            Assert.Equal(effects.Tips.Length, effects.Movements.ToArray().Count(m => m.Purpose == MovementPurpose.Tip));
        }

        Assert.Equal(new EffectsCounts(458, 99, 0, 0, 0, 0), effects.Counts);
        Assert.Equal((49, 73_424_641UL), (tips, tipLamports));
        Assert.Equal(140, swaps);
        Assert.True(movements > 2 * swaps);
    }
}
