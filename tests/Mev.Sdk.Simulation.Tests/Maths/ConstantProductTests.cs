using System.Numerics;
using FsCheck.Xunit;
using Mev.Sdk.Simulation.Maths;

namespace Mev.Sdk.Simulation.Tests.Maths;

public sealed class ConstantProductTests
{
    [Fact]
    public void AmountOut_of_a_known_swap_is_the_textbook_answer()
    {
        // 997 of 1,000 take part; 997 * 1,000,000 / (1,000,000 + 997) = 996.0...
        Assert.Equal(996UL, ConstantProduct.AmountOut(1_000, 1_000_000, 1_000_000, 3_000));
        Assert.Equal(0UL, ConstantProduct.AmountOut(0, 1_000_000, 1_000_000, 3_000));
        Assert.Equal(0UL, ConstantProduct.AmountOut(1, 1_000_000, 1_000_000, 3_000));
    }

    [Property]
    public bool AmountOut_agrees_with_unbounded_integers_and_never_lowers_the_product(ulong amount, ulong reserveIn, ulong reserveOut, uint fee)
    {
        reserveIn = Math.Max(1, reserveIn >> 1);
        amount >>= 1;
        fee %= ConstantProduct.FeeUnits;
        var output = ConstantProduct.AmountOut(amount, reserveIn, reserveOut, fee);
        var kept = (BigInteger)amount * (ConstantProduct.FeeUnits - fee) / ConstantProduct.FeeUnits;
        var expected = kept * reserveOut / (reserveIn + kept);
        var before = (BigInteger)reserveIn * reserveOut;
        var after = ((BigInteger)reserveIn + amount) * ((BigInteger)reserveOut - output);
        return output == expected && after >= before;
    }

    [Property]
    public bool AmountIn_is_the_least_that_gives_the_amount_out(ulong amountOut, ulong reserveIn, ulong reserveOut, uint fee)
    {
        reserveIn = 1 + (reserveIn >> 20);
        reserveOut = 2 + (reserveOut >> 20);
        amountOut = 1 + (amountOut % (reserveOut - 1));
        fee %= 100_000;
        var needed = ConstantProduct.AmountIn(amountOut, reserveIn, reserveOut, fee);
        if (needed is null)
        {
            return amountOut >= reserveOut || amountOut > reserveOut / 1_000_000; // only near the bottom of the pool
        }

        return ConstantProduct.AmountOut(needed.Value, reserveIn, reserveOut, fee) >= amountOut
            && ConstantProduct.AmountOut(needed.Value - 1, reserveIn, reserveOut, fee) < amountOut;
    }

    [Fact]
    public void AmountIn_beyond_the_reserve_is_refused() => Assert.Null(ConstantProduct.AmountIn(1_000, 1_000, 1_000, 2_500));
}
