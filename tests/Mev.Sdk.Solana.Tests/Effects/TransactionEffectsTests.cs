using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Tests.Venues;

namespace Mev.Sdk.Solana.Tests.Effects;

public sealed class TransactionEffectsTests
{
    private static readonly Pubkey Unknown = SwapScene.Named("a program that nobody described");
    private static readonly Pubkey Kamino = SwapScene.Named("KLend2g3cP87fffoy8q1mQqGKjrxjC8boSyAYavgmjD");
    private static readonly string Tip = JitoTips.Accounts[3].ToString();

    private static SwapScene Pool() => new SwapScene()
        .Token("user sol", "SOL", "user", 1_000, 9).Token("user token", "token", "user", 500)
        .Token("vault sol", "SOL", "authority", 5_000, 9).Token("vault token", "token", "authority", 9_000);

    [Fact]
    public void Liquidity_that_goes_in_is_counted_by_mint_and_owner()
    {
        var change = Assert.Single(Pool().Outer(KnownPrograms.PumpSwap, "pool,configuration,user", SwapScene.Anchor("deposit", 1))
            .Transfer("user token", "vault token", "user", 40).Transfer("user sol", "vault sol", "user", 7).Transfer("user sol", "vault sol", "user", 3)
            .Effects().LiquidityChanges.ToArray());
        Assert.Equal((LiquidityAction.Add, VenueId.PumpSwap, SwapScene.Named("pool"), SwapScene.Named("user")), (change.Action, change.Venue, change.Pool, change.Provider));
        Assert.Equal((40UL, SwapScene.Named("token"), 10UL, KnownMints.WrappedSol), (change.AmountA, change.MintA, change.AmountB, change.MintB));
        Assert.Equal((6, 9), (change.DecimalsA, change.DecimalsB));
    }

    [Fact]
    public void Liquidity_that_comes_out_belongs_to_who_gets_it_and_is_no_swap()
    {
        var effects = Pool().Outer(KnownPrograms.OrcaWhirlpool, "pool,token program,user", SwapScene.Anchor("decrease_liquidity", 1))
            .Transfer("vault token", "user token", "authority", 40).Transfer("vault sol", "user sol", "authority", 7).Effects();
        var change = Assert.Single(effects.LiquidityChanges.ToArray());
        Assert.Equal((LiquidityAction.Remove, SwapScene.Named("user"), 40UL, 7UL), (change.Action, change.Provider, change.AmountA, change.AmountB));
        Assert.True(effects.Swaps.IsEmpty);
        Assert.All(effects.Movements.ToArray(), movement => Assert.Equal(MovementPurpose.Liquidity, movement.Purpose));
    }

    [Fact]
    public void Tips_are_found_in_outer_and_inner_instructions()
    {
        var effects = new SwapScene().Outer(KnownPrograms.System, $"user,{Tip}", [2, 0, 0, 0, .. SwapScene.U64(9)])
            .Outer(Unknown, "user", []).Lamports("user", Tip, 11).Lamports("user", "somebody", 5).Effects();
        Assert.Equal([9UL, 11UL], effects.Tips.ToArray().Select(tip => tip.Lamports));
        Assert.Equal([ushort.MaxValue, (ushort)0], effects.Tips.ToArray().Select(tip => tip.InnerInstruction));
        Assert.Equal([MovementPurpose.Tip, MovementPurpose.Tip, MovementPurpose.None], effects.Movements.ToArray().Select(movement => movement.Purpose));
    }

    [Fact]
    public void Movements_say_whose_tokens_moved_and_what_for()
    {
        var effects = Pool().Token("friend token", "token", "friend", 1).Token("user nft", "nft", "user", 1, 0).Token("friend nft", "nft", "friend", 0, 0)
            .Outer(KnownPrograms.RaydiumCpmm, "user,authority,configuration,pool,user sol,user token,vault sol,vault token", SwapScene.Anchor("swap_base_input", 100, 0))
            .Transfer("user sol", "vault sol", "user", 100).Transfer("vault token", "user token", "authority", 250)
            .Outer(KnownPrograms.Token, "user token,friend token,user", [3, .. SwapScene.U64(60)])
            .Outer(KnownPrograms.Token, "user nft,friend nft,user", [3, .. SwapScene.U64(1)])
            .Outer(KnownPrograms.Token, "token,user token,issuer", [7, .. SwapScene.U64(5)])
            .Outer(KnownPrograms.Token, "user token,token,user", [8, .. SwapScene.U64(4)])
            .Effects();
        var movements = effects.Movements.ToArray();
        Assert.Equal(
            [MovementKind.Token, MovementKind.Token, MovementKind.Token, MovementKind.Token, MovementKind.Mint, MovementKind.Burn], movements.Select(movement => movement.Kind));
        Assert.Equal([100UL, 250, 60, 1, 5, 4], movements.Select(movement => movement.Sent));
        Assert.Equal([MovementPurpose.Swap, MovementPurpose.Swap, 0, 0, 0, 0], movements.Select(movement => movement.Purpose));
        Assert.Equal([false, false, false, true, false, false], movements.Select(movement => movement.IsCollectible));
        Assert.Equal((SwapScene.Named("user"), SwapScene.Named("friend"), SwapScene.Named("token")), (movements[2].SourceOwner, movements[2].DestinationOwner, movements[2].Mint));
        Assert.Equal((default(Pubkey), SwapScene.Named("user token"), SwapScene.Named("token")), (movements[4].Source, movements[4].Destination, movements[4].Mint));
        Assert.Equal((SwapScene.Named("user token"), default(Pubkey), SwapScene.Named("token")), (movements[5].Source, movements[5].Destination, movements[5].Mint));
        Assert.True(effects.NftTrades.IsEmpty); // a gift
    }

    [Fact]
    public void A_collectible_that_changes_its_owner_for_a_price_is_sold()
    {
        var effects = new SwapScene().Token("seller nft", "nft", "seller", 1, 0).Token("user nft", "nft", "user", 0, 0)
            .Outer(Unknown, "user", []).Lamports("user", "seller", 900).Lamports("user", "artist", 50).Transfer("seller nft", "user nft", "delegate", 1).Effects();
        var trade = Assert.Single(effects.NftTrades.ToArray());
        Assert.Equal((SwapScene.Named("nft"), SwapScene.Named("seller"), SwapScene.Named("user")), (trade.Mint, trade.Seller, trade.Buyer));
        Assert.Equal((KnownMints.WrappedSol, 950UL, false, Unknown), (trade.PriceMint, trade.Price, trade.IsKnownMarket, trade.Program));
        Assert.True(effects.Swaps.IsEmpty);
        Assert.All(effects.Movements.ToArray(), movement => Assert.Equal(MovementPurpose.NftTrade, movement.Purpose));
    }

    [Fact]
    public void A_known_market_place_that_pays_from_its_escrow_shows_what_the_seller_gained()
    {
        var market = NftMarkets.Programs[0];
        var trade = Assert.Single(new SwapScene().Token("user nft", "nft", "user", 1, 0).Token("buyer nft", "nft", "buyer", 0, 0).Balance("user", 1_000, 4_000)
            .Outer(market, "user", []).Transfer("user nft", "buyer nft", "user", 1).Effects().NftTrades.ToArray());
        Assert.Equal((3_000UL, true, SwapScene.Named("buyer")), (trade.Price, trade.IsKnownMarket, trade.Buyer));
    }

    [Fact]
    public void A_liquidation_tells_who_repaid_what_and_got_what()
    {
        var effects = new SwapScene().Token("user usd", "usd", "user", 1_000).Token("user sol", "SOL", "user", 0, 9)
            .Token("reserve usd", "usd", "market", 5_000).Token("reserve sol", "SOL", "market", 9_000, 9)
            .Outer(Kamino, "user,obligation,market", SwapScene.Anchor("liquidate_obligation_and_redeem_reserve_collateral", 100))
            .Transfer("user usd", "reserve usd", "user", 100).Transfer("reserve sol", "user sol", "market", 7).Effects();
        var liquidation = Assert.Single(effects.Liquidations.ToArray());
        Assert.Equal((Kamino, SwapScene.Named("user"), SwapScene.Named("obligation")), (liquidation.Program, liquidation.Liquidator, liquidation.Obligation));
        Assert.Equal((SwapScene.Named("usd"), 100UL, KnownMints.WrappedSol, 7UL), (liquidation.RepaidMint, liquidation.Repaid, liquidation.SeizedMint, liquidation.Seized));
        Assert.True(effects.Swaps.IsEmpty);
        Assert.Equal(MovementPurpose.Liquidation, effects.Movements[0].Purpose);
    }

    [Theory]
    [InlineData("lending_account_liquidate", "MFv2hWf31Z9kbCa1snEPYctwafyhdvnV7FZnsebVacA", "group,bank,bank,account,user,debtor", "debtor")]
    [InlineData("liquidate_perp", "dRiftyHA39MWEi3m9aunc5MzRF1JYuBsbn6VPcn33UH", "state,user,account,statistics,debtor", "debtor")]
    [InlineData("liquidate_full_position4", "PERPHjGBqRHArX4DySjwM6UJHiR3sWAatqfdBS2qQJu", "user", "")]
    public void Liquidations_in_a_programs_own_books_show_who_and_whom(string name, string program, string accounts, string obligation)
    {
        var liquidation = Assert.Single(new SwapScene().Outer(SwapScene.Named(program), accounts, SwapScene.Anchor(name, 1)).Lamports("user", "keeper", 1).Effects().Liquidations.ToArray());
        Assert.Equal((SwapScene.Named("user"), obligation.Length == 0 ? default : SwapScene.Named(obligation), 0UL), (liquidation.Liquidator, liquidation.Obligation, liquidation.Repaid));
    }

    [Fact]
    public void A_bonding_curve_without_description_is_bought_from_with_lamports()
    {
        var swap = Assert.Single(new SwapScene().Token("user token", "token", "user", 0).Token("curve token", "token", "curve", 9_000).Balance("curve", 700, 790)
            .Outer(Unknown, "user,curve", []).Lamports("user", "fees", 1).Lamports("user", "curve", 90).Transfer("curve token", "user token", "curve", 250).Effects().Swaps.ToArray());
        Assert.Equal((VenueId.Unknown, 250UL, KnownMints.WrappedSol, SwapScene.Named("token")), (swap.Venue, swap.AmountOut, swap.MintIn, swap.MintOut));
        Assert.Equal((91UL, 700UL, 9_000UL), (swap.AmountIn, swap.ReserveInBefore, swap.ReserveOutBefore));
    }

    [Fact]
    public void A_bonding_curve_without_description_is_sold_to_for_lamports_off_its_own_account()
    {
        var swap = Assert.Single(new SwapScene().Token("user token", "token", "user", 500).Token("curve token", "token", "curve", 9_000).Balance("curve", 700, 610)
            .Outer(Unknown, "user,curve", []).Transfer("user token", "curve token", "user", 250).Effects().Swaps.ToArray());
        Assert.Equal((250UL, 90UL, KnownMints.WrappedSol, 700UL), (swap.AmountIn, swap.AmountOut, swap.MintOut, swap.ReserveOutBefore));
    }

    [Fact]
    public void A_gift_of_tokens_beside_a_fee_in_lamports_is_no_swap() =>
        Assert.True(new SwapScene().Token("user token", "token", "user", 0).Token("their token", "token", "them", 9_000)
            .Outer(Unknown, "user", []).Lamports("user", "fees", 1_000).Transfer("their token", "user token", "them", 250).Effects().Swaps.IsEmpty);

    [Fact]
    public void Sums_of_absurd_amounts_stop_at_the_largest_number()
    {
        var swap = Assert.Single(Pool()
            .Outer(KnownPrograms.RaydiumCpmm, "user,authority,configuration,pool,user sol,user token,vault sol,vault token", SwapScene.Anchor("swap_base_input", 100, 0))
            .Transfer("user sol", "vault sol", "user", ulong.MaxValue).Transfer("user sol", "vault sol", "user", ulong.MaxValue)
            .Transfer("vault token", "user token", "authority", ulong.MaxValue).Effects().Swaps.ToArray());
        Assert.Equal((ulong.MaxValue, ulong.MaxValue), (swap.AmountIn, swap.AmountOut));
    }

    [Fact]
    public void Each_outcome_is_counted()
    {
        var effects = new TransactionEffects();
        var (wire, meta) = Pool().Outer(KnownPrograms.MeteoraDlmm, "pool,bitmap,vault sol,vault token", SwapScene.Anchor("of_next_year", 1))
            .Transfer("user sol", "vault sol", "user", 100).Transfer("vault token", "user token", "authority", 250).Build();
        var (failedWire, failedMeta) = Pool().Outer(Unknown, "user", []).Transfer("user sol", "vault sol", "user", 100).Transfer("vault token", "user token", "authority", 250).Fail().Build();
        Assert.Equal(EffectsOutcome.Done, effects.Read(wire, meta, out _));
        Assert.Equal((1, 1), (effects.UnknownInstructions, effects.Swaps.Length));
        Assert.Equal(EffectsOutcome.Failed, effects.Read(failedWire, failedMeta, out _));
        Assert.Equal((0, 1, 0), (effects.Swaps.Length, effects.Attempts.Length, effects.Movements.Length));
        Assert.Equal(EffectsOutcome.NoMeta, effects.Read(wire, [], out _));
        Assert.Equal((0, 0), (effects.Swaps.Length, effects.Attempts.Length));
        Assert.Equal(EffectsOutcome.Refused, effects.Read(wire.AsSpan(1), meta, out var error));
        Assert.StartsWith("wire: ", error, StringComparison.Ordinal);
        Assert.Equal(EffectsOutcome.Refused, effects.Read(wire, [0xFF], out error));
        Assert.StartsWith("meta: ", error, StringComparison.Ordinal);
        Assert.Equal(new EffectsCounts(1, 1, 1, 2, 1, 1), effects.Counts);
    }

    [Fact]
    public void What_is_not_asked_for_is_not_read()
    {
        var scene = Pool().Outer(Unknown, "user", []).Transfer("user sol", "vault sol", "user", 100).Transfer("vault token", "user token", "authority", 250).Lamports("user", Tip, 1);
        var (wire, meta) = scene.Build();
        var effects = new TransactionEffects(EffectKinds.Tips);
        effects.Read(wire, meta, out _);
        Assert.Equal((0, 1, 0), (effects.Swaps.Length, effects.Tips.Length, effects.Movements.Length));
    }
}
