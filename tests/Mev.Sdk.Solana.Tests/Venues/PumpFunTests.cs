using System.Security.Cryptography;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.Solana.Tests.Venues;

public sealed class PumpFunTests
{
    private const string Accounts = "global,fees,token,curve,curve tokens,user tokens,user";
    private const int FirstEventBytes = 113;

    // The event in the length it had at first, or grown by fee fields and more.
    private static byte[] Event(bool buy, ulong sol, ulong tokens, int length = FirstEventBytes, ulong fee = 0, ulong creatorFee = 0)
    {
        var bytes = new List<byte>([0xe4, 0x45, 0xa5, 0x2e, 0x51, 0xcb, 0x9a, 0x1d, .. SHA256.HashData("event:TradeEvent"u8)[..8]]);
        var (mint, user) = (SwapScene.Named("token"), SwapScene.Named("user"));
        bytes.AddRange(Pubkey.AsSpan(in mint));
        bytes.AddRange([.. SwapScene.U64(sol), .. SwapScene.U64(tokens), buy ? (byte)1 : (byte)0]);
        bytes.AddRange(Pubkey.AsSpan(in user));
        bytes.AddRange(new byte[8 + 16 + 16 + 32 + 8]);
        bytes.AddRange(SwapScene.U64(fee));
        bytes.AddRange(new byte[32 + 8]);
        bytes.AddRange([.. SwapScene.U64(creatorFee), .. new byte[400]]);
        return [.. bytes.Take(16 + length)];
    }

    private static SwapScene Scene(byte[] data, byte[] trade, ulong spent = 0)
    {
        var scene = new SwapScene()
            .Token("curve tokens", "token", "curve", 7_000)
            .Outer(KnownPrograms.PumpFun, Accounts, data)
            .Transfer("curve tokens", "user tokens", "curve", 250);
        if (spent > 0)
        {
            scene.Lamports("user", "curve", spent - 1).Lamports("user", "fees", 1).Lamports("somebody", "user", 50);
        }

        return scene.Inner(KnownPrograms.PumpFun, "events", trade);
    }

    [Theory]
    [InlineData(81)]
    [InlineData(FirstEventBytes)]
    [InlineData(298)]
    [InlineData(500)]
    public void A_buy_is_read_whatever_the_length_of_its_event(int length)
    {
        var swap = Assert.Single(Scene(SwapScene.Anchor("buy", 240, 110), Event(true, 100, 250, length), spent: 101).Swaps());
        Assert.Equal((VenueId.PumpFun, SwapScene.Named("curve"), SwapScene.Named("user")), (swap.Venue, swap.Pool, swap.Trader));
        Assert.Equal((KnownMints.WrappedSol, SwapScene.Named("token")), (swap.MintIn, swap.MintOut));
        Assert.Equal((101UL, 250UL, 240UL), (swap.AmountIn, swap.AmountOut, swap.MinimumAmountOut));
        Assert.Equal((9, 6), (swap.DecimalsIn, swap.DecimalsOut));
        Assert.Equal(7_000UL, swap.ReserveOutBefore);
        Assert.InRange(swap.ReserveInBefore, 1_000UL, 1_020UL); // the curve's lamports in the scene
    }

    [Fact]
    public void A_sale_pays_out_less_by_the_fees_its_event_names()
    {
        var swap = Assert.Single(Scene(SwapScene.Anchor("sell", 250, 90), Event(false, 100, 250, 298, fee: 3, creatorFee: 2)).Swaps());
        Assert.Equal((250UL, 95UL, 90UL), (swap.AmountIn, swap.AmountOut, swap.MinimumAmountOut));
        Assert.Equal((SwapScene.Named("token"), KnownMints.WrappedSol), (swap.MintIn, swap.MintOut));
    }

    [Fact]
    public void A_sale_with_the_first_event_pays_out_what_left_the_curve() =>
        Assert.Equal(100UL, Assert.Single(Scene(SwapScene.Anchor("sell", 250, 90), Event(false, 100, 250)).Swaps()).AmountOut);

    [Fact]
    public void An_instruction_of_a_later_program_version_is_read_without_its_pool()
    {
        var swap = Assert.Single(Scene(SwapScene.Anchor("buy_of_the_future", 1), Event(true, 100, 250)).Swaps());
        Assert.True(swap.Pool.IsZero);
        Assert.Equal((100UL, 250UL, 0UL), (swap.AmountIn, swap.AmountOut, swap.MinimumAmountOut));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(0)]
    public void An_event_that_is_cut_off_is_no_trade(int length) =>
        Assert.Empty(Scene(SwapScene.Anchor("buy", 240, 110), Event(true, 100, 250, length)).Swaps());

    [Fact]
    public void Another_event_is_no_trade()
    {
        var other = Event(true, 100, 250);
        other[8] ^= 1;
        Assert.Empty(Scene(SwapScene.Anchor("buy", 240, 110), other).Swaps());
    }
}
