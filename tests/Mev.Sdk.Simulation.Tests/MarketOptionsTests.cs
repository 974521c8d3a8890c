namespace Mev.Sdk.Simulation.Tests;

public sealed class MarketOptionsTests
{
    [Fact]
    public void The_defaults_hold() => Assert.Empty(new MarketOptions().Validate());

    public static TheoryData<string, MarketOptions> Degenerate => new()
    {
        { "Mev:Market:TokenCount", new MarketOptions { TokenCount = 0 } },
        { "Mev:Market:VenuesPerToken", new MarketOptions { VenuesPerToken = 1 } },
        { "Mev:Market:TraderCount", new MarketOptions { TraderCount = 0 } },
        { "Mev:Market:TransactionsPerSlot", new MarketOptions { TransactionsPerSlot = int.MaxValue } },
        { "Mev:Market:PoolDepthLamports", new MarketOptions { PoolDepthLamports = 0 } },
        { "Mev:Market:PoolDepthLamports", new MarketOptions { PoolDepthLamports = ulong.MaxValue } },
        { "Mev:Market:MinimumProfitLamports", new MarketOptions { MinimumProfitLamports = 0 } },
        { "Mev:Market:VolatilityBasisPoints", new MarketOptions { VolatilityBasisPoints = -1 } },
        { "Mev:Market:VoteShare", new MarketOptions { VoteShare = double.NaN } },
        { "Mev:Market:BlindAttemptShare", new MarketOptions { VoteShare = 0.9, BlindAttemptShare = 0.4 } },
        { "Mev:Market:LargeSwapShare", new MarketOptions { LargeSwapShare = 1.5 } },
        { "Mev:Market:Competition", new MarketOptions { Competition = -0.1 } },
        { "Mev:Market:StartSlot", new MarketOptions { StartSlot = 0 } },
        { "Mev:Market:StartTime", new MarketOptions { StartTime = DateTimeOffset.MinValue } },
        { "Mev:Market:SlotDuration", new MarketOptions { SlotDuration = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Degenerate))]
    public void Degenerate_options_are_refused_with_the_key_that_is_wrong(string key, MarketOptions options)
    {
        var exception = Assert.Throws<MarketOptionsException>(() => new SimulatedMarket(options));
        Assert.Contains(key, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var exception = Assert.Throws<MarketOptionsException>(() => new SimulatedMarket(new MarketOptions { TokenCount = 0, TraderCount = 0, Competition = 2 }));
        Assert.Equal(3, exception.Faults.Count);
    }

    [Theory]
    [InlineData(1, 2, 8, 4)]
    [InlineData(64, 3, 8, 4)]
    [InlineData(1, 2, 5_000, 400)]
    public void The_smallest_and_oddest_markets_still_trade(int tokens, int venues, int traders, int transactions)
    {
        using var market = new SimulatedMarket(new MarketOptions { TokenCount = tokens, VenuesPerToken = venues, TraderCount = traders, TransactionsPerSlot = transactions });
        Frames.Play(market, 20);
        Assert.True(market.TransactionCount > 20);
    }

    [Theory]
    [InlineData(1_000_000_000)]
    [InlineData(1_000_000_000_000_000)]
    public void Shallow_and_deep_pools_stay_within_64_bits(ulong depth)
    {
        using var market = new SimulatedMarket(new MarketOptions { PoolDepthLamports = depth, VolatilityBasisPoints = 200, LargeSwapShare = 1 });
        Frames.Play(market, 100);
        Assert.All(market.State.Pools, pool => Assert.True(pool.ReserveSol > 0 && pool.ReserveToken > 0));
    }
}
