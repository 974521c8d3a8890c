using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.Solana.Tests.Venues;

public sealed class MovementSwapTests
{
    private static readonly Pubkey Program = SwapScene.Named("a program that nobody described");

    private static SwapScene Accounts() => new SwapScene()
        .Token("user sol", "SOL", "user", 1_000, 9).Token("user token", "token", "user", 0)
        .Token("their sol", "SOL", "them", 500_000, 9).Token("their token", "token", "them", 900_000);

    [Fact]
    public void An_exchange_is_a_swap_of_an_unrecognised_program()
    {
        var swap = Assert.Single(Accounts().Outer(Program, "user", [])
            .Transfer("user sol", "their sol", "user", 100).Transfer("their token", "user token", "them", 250).Swaps());
        Assert.Equal((VenueId.Unknown, SwapFlags.FromTokenMovements, Program), (swap.Venue, swap.Flags, swap.Program));
        Assert.True(swap.Pool.IsZero);
        Assert.Equal((100UL, 250UL, 500_000UL, 900_000UL), (swap.AmountIn, swap.AmountOut, swap.ReserveInBefore, swap.ReserveOutBefore));
    }

    [Fact]
    public void The_trader_is_who_signed_even_when_the_pool_pays_first()
    {
        var swap = Assert.Single(Accounts().Outer(Program, "user", [])
            .Transfer("their token", "user token", "them", 250).Transfer("user sol", "their sol", "user", 100).Swaps());
        Assert.Equal((SwapScene.Named("user"), 100UL, 250UL), (swap.Trader, swap.AmountIn, swap.AmountOut));
    }

    [Fact]
    public void Without_a_signer_the_trader_is_the_side_that_holds_less()
    {
        var swap = Assert.Single(new SwapScene()
            .Token("router sol", "SOL", "router", 100, 9).Token("router token", "token", "router", 0)
            .Token("their sol", "SOL", "them", 500_000, 9).Token("their token", "token", "them", 900_000)
            .Outer(Program, "user", [])
            .Transfer("their token", "router token", "them", 250).Transfer("router sol", "their sol", "router", 100).Swaps());
        Assert.Equal(SwapScene.Named("router"), swap.Trader);
    }

    [Fact]
    public void A_program_above_a_swap_is_a_router_and_gives_no_swap_itself()
    {
        var swaps = Accounts().Outer(SwapScene.Named("a bot"), "user", [])
            .Transfer("user sol", "their sol", "user", 1)
            .Inner(Program, "user", [])
            .Transfer("user sol", "their sol", "user", 100, 3).Transfer("their token", "user token", "them", 250, 3)
            .Transfer("their token", "user token", "them", 1).Swaps();
        Assert.Equal((Program, SwapFlags.FromTokenMovements), (Assert.Single(swaps).Program, swaps[0].Flags));
    }

    [Fact]
    public void An_account_opened_and_closed_on_the_way_is_known_by_its_opening()
    {
        var swap = Assert.Single(new SwapScene()
            .Token("their sol", "SOL", "them", 500_000, 9).Token("their token", "token", "them", 900_000)
            .Outer(KnownPrograms.Token, "opened,token,user,rent", [1])
            .Outer(Program, "user", [])
            .Transfer("user sol", "their sol", "user", 100).Transfer("their token", "opened", "them", 250).Swaps());
        Assert.Equal((SwapScene.Named("token"), 250UL, 6), (swap.MintOut, swap.AmountOut, swap.DecimalsOut));
    }

    [Fact]
    public void Meteora_damm_pools_are_read_through_the_vault_program()
    {
        var vaults = SwapScene.Named("vault program");
        var swap = Assert.Single(Accounts().Outer(KnownPrograms.MeteoraDamm, "user", [])
            .Inner(vaults, "user", []).Transfer("user sol", "their sol", "user", 100, 3)
            .Inner(vaults, "user", []).Transfer("their token", "user token", "them", 250, 3).Swaps());
        Assert.Equal(KnownPrograms.MeteoraDamm, swap.Program);
    }

    [Fact]
    public void A_payment_a_flash_loan_a_deposit_and_a_collectible_are_no_swaps()
    {
        Assert.Empty(Accounts().Outer(Program, "user", []).Transfer("user sol", "their sol", "user", 100).Swaps());
        Assert.Empty(Accounts().Outer(Program, "user", [])
            .Transfer("their sol", "user sol", "them", 100).Transfer("user sol", "their sol", "user", 100).Swaps());
        Assert.Empty(Accounts().Outer(Program, "user", [])
            .Transfer("user sol", "their sol", "user", 100).Transfer("user token", "their token", "user", 100).Swaps());
        Assert.Empty(Accounts().Token("user picture", "picture", "user", 0, 0).Token("their picture", "picture", "them", 1, 0).Outer(Program, "user", [])
            .Transfer("user sol", "their sol", "user", 100).Transfer("their picture", "user picture", "them", 1).Swaps());
    }

    [Fact]
    public void Transfers_of_nothing_are_no_swap() =>
        Assert.Empty(Accounts().Outer(Program, "user", []).Transfer("user sol", "their sol", "user", 100).Transfer("their token", "user token", "them", 0).Swaps());
}
