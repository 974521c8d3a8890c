using FsCheck.Xunit;
using Mev.Sdk.Simulation.Maths;

namespace Mev.Sdk.Simulation.Tests.Maths;

public sealed class TwoPoolArbitrageTests
{
    [Property]
    public bool BestAmountIn_earns_what_no_sampled_amount_beats(uint buyDepth, uint sellDepth, ushort gap, ushort fees)
    {
        // Pools of 1 to 4,000 SOL whose prices differ by up to a factor of 3.
        var buySol = 1_000_000_000UL + (buyDepth * 1_000UL);
        var sellSol = 1_000_000_000UL + (sellDepth * 1_000UL);
        var buyToken = buySol * 300;
        var sellToken = sellSol * 300 / (1_000 + (gap % 2_000UL)) * 1_000;
        var buyFee = fees % 10_000u;
        var sellFee = (uint)(fees >> 3) % 10_000u;
        var best = TwoPoolArbitrage.BestAmountIn(buySol, buyToken, buyFee, sellSol, sellToken, sellFee);
        var profit = Profit(best);

        // Rounding of the two real swaps is worth a few lamports.
        const long Rounding = 4;
        for (var step = 1; step <= 400; step++)
        {
            var amount = best == 0 ? (ulong)step * 1_000_000 : best / 200 * (ulong)step;
            if (Profit(amount) > profit + Rounding)
            {
                return false;
            }
        }

        return best == 0 || profit >= -Rounding;

        long Profit(ulong amount)
        {
            var tokens = ConstantProduct.AmountOut(amount, buySol, buyToken, buyFee);
            return (long)ConstantProduct.AmountOut(tokens, sellToken, sellSol, sellFee) - (long)amount;
        }
    }

    [Fact]
    public void A_gap_within_the_fees_is_not_open()
    {
        Assert.False(TwoPoolArbitrage.IsOpen(1_000_000, 1_000_000, 2_500, 1_005_000, 1_000_000, 3_000));
        Assert.True(TwoPoolArbitrage.IsOpen(1_000_000, 1_000_000, 2_500, 1_006_000, 1_000_000, 3_000));
    }

    [Fact]
    public void Reserves_of_64_bits_do_not_overflow() =>
        Assert.True(TwoPoolArbitrage.BestAmountIn(1UL << 62, 1UL << 63, 2_500, 1UL << 63, 1UL << 61, 3_000) > 1UL << 50);
}
