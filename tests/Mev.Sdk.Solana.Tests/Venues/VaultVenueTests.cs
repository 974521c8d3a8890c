using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.Solana.Tests.Venues;

/// <summary>Venues whose pools hold their tokens in vaults that the instruction names.</summary>
public sealed class VaultVenueTests
{
    // The user gives 100 SOL units for 250 tokens; every scene names vaults "vault sol" and "vault token" and the pool "pool".
    private static SwapScene Scene(Pubkey program, string accounts, byte[] data) => new SwapScene()
        .Token("user sol", "SOL", "user", 1_000, 9)
        .Token("user token", "token", "user", 0)
        .Token("vault sol", "SOL", "authority", 5_000, 9)
        .Token("vault token", "token", "authority", 9_000)
        .Outer(program, accounts, data)
        .Transfer("user sol", "vault sol", "user", 100)
        .Transfer("vault token", "user token", "authority", 250);

    private static void IsTheSwap(SwapScene scene, VenueId venue, Pubkey program, ulong minimum)
    {
        var swap = Assert.Single(scene.Swaps());
        Assert.Equal((venue, program, SwapScene.Named("pool"), SwapScene.Named("user")), (swap.Venue, swap.Program, swap.Pool, swap.Trader));
        Assert.Equal((KnownMints.WrappedSol, SwapScene.Named("token")), (swap.MintIn, swap.MintOut));
        Assert.Equal((100UL, 250UL, minimum), (swap.AmountIn, swap.AmountOut, swap.MinimumAmountOut));
        Assert.Equal((5_000UL, 9_000UL), (swap.ReserveInBefore, swap.ReserveOutBefore));
        Assert.Equal((9, 6), (swap.DecimalsIn, swap.DecimalsOut));
        Assert.Equal((0, ushort.MaxValue, SwapFlags.None), (swap.OuterInstruction, swap.InnerInstruction, swap.Flags));
    }

    [Theory]
    [InlineData(9, "p,pool,a,o,t,vault sol,vault token,s,m,b,k,e,c,q,v,user sol,user token,user")]
    [InlineData(11, "p,pool,a,o,t,vault token,vault sol,s,m,b,k,e,c,q,v,user sol,user token,user")]
    [InlineData(9, "p,pool,a,o,vault sol,vault token,s,m,b,k,e,c,q,v,user sol,user token,user")]
    [InlineData(16, "p,pool,a,vault sol,vault token,user sol,user token,user")]
    [InlineData(17, "p,pool,a,vault token,vault sol,user sol,user token,user")]
    public void Raydium_v4_is_read_in_each_of_its_layouts(byte variant, string accounts) =>
        IsTheSwap(
            Scene(KnownPrograms.RaydiumV4, accounts, [variant, .. SwapScene.U64(100), .. SwapScene.U64(240)]),
            VenueId.RaydiumV4, KnownPrograms.RaydiumV4, 240);

    [Theory]
    [InlineData("swap", 1, 240UL)]
    [InlineData("swap_v2", 1, 240UL)]
    [InlineData("swap", 0, 100UL)]
    public void Raydium_clmm_pool_is_account_2_not_the_shared_configuration(string name, byte exactInput, ulong minimum) =>
        IsTheSwap(
            Scene(KnownPrograms.RaydiumClmm, "user,configuration,pool,user sol,user token,vault sol,vault token", [.. SwapScene.Anchor(name, 100, 240, 0, 0), exactInput]),
            VenueId.RaydiumClmm, KnownPrograms.RaydiumClmm, minimum);

    [Theory]
    [InlineData("swap_base_input")]
    [InlineData("swap_base_output")]
    public void Raydium_cpmm_is_read(string name) =>
        IsTheSwap(
            Scene(KnownPrograms.RaydiumCpmm, "user,authority,configuration,pool,user sol,user token,vault sol,vault token", SwapScene.Anchor(name, 100, 240)),
            VenueId.RaydiumCpmm, KnownPrograms.RaydiumCpmm, 240);

    [Theory]
    [InlineData("swap", "p,user,pool,user sol,vault sol,user token,vault token")]
    [InlineData("swap_v2", "p,p,memo,user,pool,SOL,token,user sol,vault sol,user token,vault token")]
    public void Whirlpool_is_read(string name, string accounts) =>
        IsTheSwap(
            Scene(KnownPrograms.OrcaWhirlpool, accounts, [.. SwapScene.Anchor(name, 100, 240, 0, 0), 1, 1]),
            VenueId.OrcaWhirlpool, KnownPrograms.OrcaWhirlpool, 240);

    [Theory]
    [InlineData("swap", 240UL)]
    [InlineData("swap2", 240UL)]
    [InlineData("swap_exact_out", 240UL)]
    [InlineData("swap_exact_out2", 240UL)]
    [InlineData("swap_with_price_impact", 0UL)]
    [InlineData("swap_with_price_impact2", 0UL)]
    public void Dlmm_is_read(string name, ulong minimum) =>
        IsTheSwap(
            Scene(KnownPrograms.MeteoraDlmm, "pool,bitmap,vault sol,vault token,user sol,user token", SwapScene.Anchor(name, 100, 240)),
            VenueId.MeteoraDlmm, KnownPrograms.MeteoraDlmm, minimum);

    [Theory]
    [InlineData("buy", 100UL)]
    [InlineData("sell", 240UL)]
    [InlineData("buy_exact_quote_in", 240UL)]
    public void Pump_swap_is_read(string name, ulong minimum) =>
        IsTheSwap(
            Scene(KnownPrograms.PumpSwap, "pool,user,g,token,SOL,user token,user sol,vault token,vault sol", SwapScene.Anchor(name, 100, 240)),
            VenueId.PumpSwap, KnownPrograms.PumpSwap, minimum);

    [Theory]
    [InlineData(VenueId.MeteoraDbc, "dbcij3LWUppWqq96dh6gJWwBifmcGfLSB5D4DuSMaqN", "swap", "authority,configuration,pool,user sol,user token,vault token,vault sol", 240UL)]
    [InlineData(VenueId.Boop, "boop8hVGQGqehUK2iVEMEnMrL5RbjywRzHKBmBE7ry4", "buy_token", "token,pool,fees,vault token,vault sol,user token,user", 240UL)]
    [InlineData(VenueId.Boop, "boop8hVGQGqehUK2iVEMEnMrL5RbjywRzHKBmBE7ry4", "sell_token", "token,pool,fees,vault token,vault sol,user token,user", 240UL)]
    [InlineData(VenueId.Heaven, "HEAVENoP2qxoeuF8Dj2oT1GHEnu49U5mJYkdeC8BAX2o", "buy", "a,b,c,d,pool,user,token,SOL,user token,user sol,vault token,vault sol", 240UL)]
    [InlineData(VenueId.Heaven, "HEAVENoP2qxoeuF8Dj2oT1GHEnu49U5mJYkdeC8BAX2o", "sell", "a,b,c,d,pool,user,token,SOL,user token,user sol,vault token,vault sol", 240UL)]
    [InlineData(VenueId.BonkSwap, "BSwp6bEBihVLdqJRKGgzjcGLHkcTuzmSo1TQkHepzH8p", "swap", "state,pool,token,SOL,vault token,vault sol,user token,user sol,user", 0UL)]
    [InlineData(VenueId.Vertigo, "vrTGoBuy5rYSxAfV3jaRJWHH6nN9WK4NRExGxsk1bCJ", "buy", "pool,user,owner,SOL,token,user sol,user token,vault sol,vault token", 240UL)]
    [InlineData(VenueId.Vertigo, "vrTGoBuy5rYSxAfV3jaRJWHH6nN9WK4NRExGxsk1bCJ", "sell", "pool,user,owner,SOL,token,user sol,user token,vault sol,vault token", 240UL)]
    public void Venues_by_their_published_interfaces_are_read(VenueId venue, string program, string name, string accounts, ulong minimum) =>
        IsTheSwap(Scene(Pubkey.Parse(program), accounts, SwapScene.Anchor(name, 100, 240)), venue, Pubkey.Parse(program), minimum);

    [Theory]
    [InlineData((byte)0, 240UL)]
    [InlineData((byte)1, 240UL)]
    [InlineData((byte)2, 100UL)]
    public void Meteora_dbc_tells_exact_output_by_its_mode(byte mode, ulong minimum)
    {
        var program = Pubkey.Parse("dbcij3LWUppWqq96dh6gJWwBifmcGfLSB5D4DuSMaqN");
        IsTheSwap(Scene(program, "authority,configuration,pool,user sol,user token,vault token,vault sol", [.. SwapScene.Anchor("swap2", 100, 240), mode]), VenueId.MeteoraDbc, program, minimum);
    }

    [Theory]
    [InlineData("swap", "user,user sol,user token,vault sol,vault token,fees,pool", true)]
    [InlineData("swap", "user,user sol,user token,vault sol,vault token,fees,pool", false)]
    [InlineData("swap_v2", "user,SOL,token,user sol,user token,vault sol,vault token,fees,pool", true)]
    public void Stabble_is_read_with_and_without_an_amount(string name, string accounts, bool hasAmount)
    {
        var program = Pubkey.Parse("swapNyd8XiQwJ6ianp9snpu4brUqFxadzvHebnAXjJZ");
        byte[] data = [.. SwapScene.Anchor(name), .. hasAmount ? (byte[])[1, .. SwapScene.U64(100)] : [0], .. SwapScene.U64(240)];
        IsTheSwap(Scene(program, accounts, data), VenueId.Stabble, program, 240);
    }

    [Fact]
    public void FluxBeam_is_read()
    {
        var program = Pubkey.Parse("FLUXubRmkEi2q6K3Y9kBPg9248ggaZVsoSFhtJHSrm1X");
        IsTheSwap(Scene(program, "pool,authority,user,user sol,vault sol,vault token,user token", [1, .. SwapScene.U64(100), .. SwapScene.U64(240)]), VenueId.FluxBeam, program, 240);
    }

    [Theory]
    [InlineData("buy")]
    [InlineData("sell")]
    public void Moonshot_is_read_from_what_moved(string name)
    {
        var program = Pubkey.Parse("MoonCVVNZFSYkqNXP6bxHLPL6QQJiMagDL3qcqUQTrG");
        var scene = new SwapScene().Token("user token", "token", "user", 900).Token("curve token", "token", "curve", 9_000)
            .Outer(program, "user,user token,curve,curve token,fees,fees 2,token", SwapScene.Anchor(name, 250, 100));
        scene = name == "buy"
            ? scene.Lamports("user", "curve", 100).Transfer("curve token", "user token", "curve", 250)
            : scene.Transfer("user token", "curve token", "user", 250).Balance("curve", 1_000, 900).Balance("user", 500, 600);
        var swap = Assert.Single(scene.Swaps());
        Assert.Equal((VenueId.Moonshot, SwapScene.Named("curve"), SwapScene.Named("user")), (swap.Venue, swap.Pool, swap.Trader));
        Assert.Equal(name == "buy" ? (100UL, 250UL) : (250UL, 100UL), (swap.AmountIn, swap.AmountOut));
        Assert.Equal(SwapFlags.FromTokenMovements, swap.Flags);
    }

    [Fact]
    public void Fees_that_the_trader_pays_beside_the_vault_count_as_given()
    {
        var scene = Scene(KnownPrograms.PumpSwap, "pool,user,g,token,SOL,user token,user sol,vault token,vault sol", SwapScene.Anchor("buy", 250, 120))
            .Token("fees", "SOL", "protocol", 0, 9)
            .Transfer("user sol", "fees", "user", 3);
        Assert.Equal(103UL, Assert.Single(scene.Swaps()).AmountIn);
    }

    [Fact]
    public void Fees_that_the_pool_pays_do_not_count_as_got()
    {
        var scene = Scene(KnownPrograms.PumpSwap, "pool,user,g,token,SOL,user token,user sol,vault token,vault sol", SwapScene.Anchor("sell", 100, 240))
            .Token("fees", "token", "protocol", 0)
            .Transfer("vault token", "fees", "authority", 3);
        Assert.Equal(250UL, Assert.Single(scene.Swaps()).AmountOut);
    }

    [Fact]
    public void A_transfer_fee_of_the_mint_is_not_got()
    {
        var swap = Assert.Single(new SwapScene()
            .Token("vault sol", "SOL", "authority", 5_000, 9)
            .Token("vault token", "token", "authority", 9_000)
            .Outer(KnownPrograms.RaydiumCpmm, "user,authority,configuration,pool,user sol,user token,vault sol,vault token", SwapScene.Anchor("swap_base_input", 100, 0))
            .TransferChecked("user sol", "SOL", "vault sol", "user", 100, 9)
            .TransferWithFee("vault token", "token", "user token", "authority", 250, 6, 10)
            .Swaps());
        Assert.Equal((100UL, 240UL), (swap.AmountIn, swap.AmountOut));
    }

    [Fact]
    public void Whirlpool_two_hops_are_two_swaps_of_one_trader()
    {
        var swaps = new SwapScene()
            .Token("one a", "SOL", "whirl one", 10, 9).Token("one b", "middle", "whirl one", 20)
            .Token("two a", "middle", "whirl two", 30).Token("two b", "token", "whirl two", 40)
            .Token("user middle", "middle", "user", 0)
            .Outer(KnownPrograms.OrcaWhirlpool, "p,user,whirl one,whirl two,user sol,one a,user middle,one b,user middle,two a,user token,two b", [.. SwapScene.Anchor("two_hop_swap", 5, 6), 1, 1, 1])
            .Transfer("user sol", "one a", "user", 5).Transfer("one b", "user middle", "whirl one", 8)
            .Transfer("user middle", "two a", "user", 8).Transfer("two b", "user token", "whirl two", 7)
            .Swaps();
        Assert.Equal([SwapScene.Named("whirl one"), SwapScene.Named("whirl two")], swaps.Select(s => s.Pool));
        Assert.Equal([(5UL, 8UL, 0UL), (8UL, 7UL, 6UL)], swaps.Select(s => (s.AmountIn, s.AmountOut, s.MinimumAmountOut)));
    }

    [Fact]
    public void Whirlpool_two_hops_paid_from_pool_to_pool_keep_the_trader()
    {
        var swaps = new SwapScene()
            .Token("one a", "SOL", "whirl one", 10, 9).Token("one b", "middle", "whirl one", 20)
            .Token("two a", "middle", "whirl two", 30).Token("two b", "token", "whirl two", 40)
            .Outer(KnownPrograms.OrcaWhirlpool, "whirl one,whirl two,SOL,middle,token,p,p,p,user sol,one a,one b,two a,two b,user token,user", [.. SwapScene.Anchor("two_hop_swap_v2", 5, 6), 1, 1, 1])
            .Transfer("user sol", "one a", "user", 5).Transfer("one b", "two a", "whirl one", 8).Transfer("two b", "user token", "whirl two", 7)
            .Swaps();
        Assert.Equal(2, swaps.Length);
        Assert.All(swaps, swap => Assert.Equal(SwapScene.Named("user"), swap.Trader));
    }

    [Fact]
    public void Legs_below_an_aggregator_are_routed_and_the_route_is_no_swap()
    {
        var swaps = new SwapScene()
            .Token("user sol", "SOL", "user", 1_000, 9).Token("user token", "token", "user", 0)
            .Token("vault sol", "SOL", "authority", 5_000, 9).Token("vault token", "token", "authority", 9_000)
            .Token("other sol", "SOL", "other", 5_000, 9).Token("other token", "token", "other", 9_000)
            .Outer(KnownPrograms.JupiterV6, "user", SwapScene.Anchor("route", 100))
            .Inner(KnownPrograms.RaydiumCpmm, "user,authority,configuration,pool,user sol,user token,vault sol,vault token", SwapScene.Anchor("swap_base_input", 100, 0))
            .Transfer("user sol", "vault sol", "user", 100, 3)
            .Transfer("vault token", "user token", "authority", 250, 3)
            .Inner(SwapScene.Named("somebody's pool"), "user", [])
            .Transfer("user token", "other token", "user", 250, 3)
            .Transfer("other sol", "user sol", "other", 101, 3)
            .Swaps();
        Assert.Equal([(VenueId.RaydiumCpmm, SwapFlags.Routed), (VenueId.Unknown, SwapFlags.Routed | SwapFlags.FromTokenMovements)], swaps.Select(s => (s.Venue, s.Flags)));
        Assert.Equal([0, 3], swaps.Select(s => s.InnerInstruction));
    }

    [Fact]
    public void Blocks_without_recorded_call_depths_are_read_too()
    {
        var swaps = new SwapScene()
            .Token("vault sol", "SOL", "authority", 5_000, 9).Token("vault token", "token", "authority", 9_000)
            .Outer(KnownPrograms.JupiterV6, "user", SwapScene.Anchor("route", 100))
            .Inner(KnownPrograms.RaydiumCpmm, "user,authority,configuration,pool,user sol,user token,vault sol,vault token", SwapScene.Anchor("swap_base_input", 100, 0), 0)
            .Transfer("user sol", "vault sol", "user", 100, 0)
            .Transfer("vault token", "user token", "authority", 250, 0)
            .Swaps();
        Assert.Equal((100UL, 250UL), (Assert.Single(swaps).AmountIn, swaps[0].AmountOut));
    }

    [Fact]
    public void A_failed_transaction_has_no_swaps()
    {
        var (record, swaps) = Scene(KnownPrograms.MeteoraDlmm, "pool,bitmap,vault sol,vault token,user sol,user token", SwapScene.Anchor("swap", 100, 240)).Fail().Decode();
        Assert.True(record.Flags.HasFlag(TransactionFlags.Failed));
        Assert.Empty(swaps);
    }

    [Fact]
    public void An_instruction_that_is_no_swap_gives_none() =>
        Assert.Empty(Scene(KnownPrograms.MeteoraDlmm, "pool,bitmap,vault sol,vault token,user sol,user token", SwapScene.Anchor("add_liquidity", 100, 240)).Swaps());

    [Theory]
    [InlineData("swap", "pool,bitmap,vault sol")]
    [InlineData("swap", "pool,bitmap,elsewhere,vault token,user sol,user token")]
    [InlineData("swap", "pool,bitmap,vault sol,vault sol,user sol,user token")]
    [InlineData("an_instruction_of_next_year", "pool,bitmap,vault sol,vault token,user sol,user token")]
    public void An_instruction_that_names_other_vaults_or_is_not_described_is_read_by_what_moved(string name, string accounts)
    {
        var swap = Assert.Single(Scene(KnownPrograms.MeteoraDlmm, accounts, SwapScene.Anchor(name, 100, 240)).Swaps());
        Assert.Equal((VenueId.MeteoraDlmm, SwapFlags.FromTokenMovements), (swap.Venue, swap.Flags));
        Assert.Equal(name == "swap" ? SwapScene.Named("pool") : default, swap.Pool);
        Assert.Equal((100UL, 250UL), (swap.AmountIn, swap.AmountOut));
    }
}
