using System.Buffers.Binary;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Effects;

namespace Mev.Sdk.Solana.Tests.Venues;

/// <summary>What a route's arguments say about the least that its end may give.</summary>
public sealed class RouteMinimumTests
{
    private static readonly Pubkey Okx = Pubkey.Parse("6m2CDdhRgxpH4WjvdzxAYbGxwdGUz5MziiL5jek2kBma");

    private static byte[] U16(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return bytes;
    }

    // SOL goes through two pools: SOL to middle, middle to token; the second leg may be two.
    private static SwapScene Route(Pubkey aggregator, byte[] data, bool isSplit = false)
    {
        var scene = new SwapScene()
            .Token("user sol", "SOL", "user", 1_000, 9).Token("user middle", "middle", "user", 0).Token("user token", "token", "user", 0)
            .Token("a sol", "SOL", "authority", 5_000, 9).Token("a middle", "middle", "authority", 9_000)
            .Token("b middle", "middle", "authority", 5_000).Token("b token", "token", "authority", 9_000)
            .Token("c middle", "middle", "authority", 5_000).Token("c token", "token", "authority", 9_000)
            .Outer(aggregator, "user", data)
            .Inner(KnownPrograms.RaydiumCpmm, "user,authority,configuration,pool a,user sol,user middle,a sol,a middle", SwapScene.Anchor("swap_base_input", 100, 0))
            .Transfer("user sol", "a sol", "user", 100, 3)
            .Transfer("a middle", "user middle", "authority", 400, 3)
            .Inner(KnownPrograms.RaydiumCpmm, "user,authority,configuration,pool b,user middle,user token,b middle,b token", SwapScene.Anchor("swap_base_input", 400, 0))
            .Transfer("user middle", "b middle", "user", 300, 3)
            .Transfer("b token", "user token", "authority", 600, 3);
        return !isSplit ? scene : scene
            .Inner(KnownPrograms.RaydiumCpmm, "user,authority,configuration,pool c,user middle,user token,c middle,c token", SwapScene.Anchor("swap_base_input", 100, 0))
            .Transfer("user middle", "c middle", "user", 100, 3)
            .Transfer("c token", "user token", "authority", 200, 3);
    }

    private static ulong[] Minimums(SwapScene scene) => [.. scene.Swaps().Select(swap => swap.MinimumAmountOut)];

    // What stands before the amounts of the older routes: a plan of any length.
    private static byte[] Old(string name, ulong first, ulong second, ushort tolerance) =>
        [.. SwapScene.Anchor(name), 1, 0, 0, 0, 7, 7, 7, .. SwapScene.U64(first), .. SwapScene.U64(second), .. U16(tolerance), 0];

    [Theory]
    [InlineData("route", 594UL)]
    [InlineData("shared_accounts_route", 594UL)]
    [InlineData("route_with_token_ledger", 594UL)]
    [InlineData("shared_accounts_route_with_token_ledger", 594UL)]
    [InlineData("exact_out_route", 100UL)]
    [InlineData("shared_accounts_exact_out_route", 100UL)]
    [InlineData("something_new", 0UL)]
    public void A_Jupiter_route_states_its_minimum_on_the_last_leg(string name, ulong minimum) =>
        Assert.Equal([0UL, minimum], Minimums(Route(KnownPrograms.JupiterV6, Old(name, 100, 600, 100))));

    [Theory]
    [InlineData("route_v2", false, 594UL)]
    [InlineData("shared_accounts_route_v2", true, 594UL)]
    [InlineData("exact_out_route_v2", false, 100UL)]
    [InlineData("shared_accounts_exact_out_route_v2", true, 100UL)]
    public void A_second_version_of_a_route_has_its_amounts_in_front(string name, bool hasId, ulong minimum)
    {
        byte[] data = [.. SwapScene.Anchor(name), .. hasId ? (byte[])[3] : [], .. SwapScene.U64(100), .. SwapScene.U64(600), .. U16(100), 0, 0, 0, 0, 2, 0, 0, 0, 9, 9];
        Assert.Equal([0UL, minimum], Minimums(Route(KnownPrograms.JupiterV6, data)));
    }

    [Theory]
    [InlineData("swap")]
    [InlineData("swap2")]
    [InlineData("proxy_swap")]
    [InlineData("commission_sol_swap")]
    [InlineData("commission_spl_swap2")]
    [InlineData("commission_spl_proxy_swap")]
    public void A_route_of_OKX_states_the_least_return(string name) =>
        Assert.Equal([0UL, 590UL], Minimums(Route(Okx, [.. SwapScene.Anchor(name, 100, 600, 590), 0, 0, 0, 0])));

    [Fact]
    public void A_route_that_ends_in_several_legs_spreads_its_minimum_over_them() =>
        Assert.Equal([0UL, 540UL, 180UL], Minimums(Route(KnownPrograms.JupiterV6, Old("route", 100, 800, 1_000), isSplit: true)));

    [Theory]
    [InlineData(700UL, (ushort)100)] // more than the legs gave
    [InlineData(600UL, (ushort)10_001)] // no tolerance
    public void A_minimum_that_the_legs_contradict_is_not_stated(ulong quoted, ushort tolerance) =>
        Assert.Equal([0UL, 0UL], Minimums(Route(KnownPrograms.JupiterV6, Old("route", 100, quoted, tolerance))));

    [Fact]
    public void Data_that_ends_early_and_other_aggregators_state_nothing()
    {
        Assert.Equal([0UL, 0UL], Minimums(Route(KnownPrograms.JupiterV6, SwapScene.Anchor("route"))));
        Assert.Equal([0UL, 0UL], Minimums(Route(KnownPrograms.JupiterV6, [.. SwapScene.Anchor("shared_accounts_route_v2"), .. new byte[11]])));
        Assert.Equal([0UL, 0UL], Minimums(Route(Pubkey.Parse("DF1ow4tspfHX9JwWJsAb9epbkA8hmpSEAtxXy1V27QBH"), Old("swap", 100, 600, 100))));
    }

    [Fact]
    public void Real_routes_state_a_minimum_that_their_end_kept()
    {
        var effects = new TransactionEffects();
        var (stated, routes) = (0, 0);
        foreach (var (name, root) in RealData.Singles().Where(sample => sample.Name.Contains("jupiter", StringComparison.Ordinal)))
        {
            var parts = Mev.Sdk.Solana.Json.TransactionRendering.ToWireAndMeta(root.GetProperty("raw"));
            effects.Read(parts.Wire, parts.Meta, out _);
            var legs = effects.Swaps.ToArray().Where(swap => swap.Flags.HasFlag(SwapFlags.Routed)).ToArray();
            routes += legs.Length > 0 ? 1 : 0;
            stated += legs.Any(leg => leg.MinimumAmountOut > 0) ? 1 : 0;
            Assert.All(legs, leg => Assert.True(leg.MinimumAmountOut <= leg.AmountOut, name));
        }

        Assert.True(routes >= 5 && stated * 2 >= routes, $"{stated} of {routes} routes state a minimum");
    }
}
