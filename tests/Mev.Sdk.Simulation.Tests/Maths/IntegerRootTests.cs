using System.Numerics;
using FsCheck.Xunit;
using Mev.Sdk.Simulation.Maths;

namespace Mev.Sdk.Simulation.Tests.Maths;

public sealed class IntegerRootTests
{
    [Property]
    public bool Floor_is_the_largest_whose_square_fits(ulong high, ulong low, byte shift)
    {
        var value = new UInt128(high, low) >> (shift % 128);
        var root = (BigInteger)IntegerRoot.Floor(value);
        return root * root <= value && (root + 1) * (root + 1) > value;
    }

    [Fact]
    public void Floor_of_the_extremes_is_exact()
    {
        Assert.Equal(0UL, IntegerRoot.Floor(0));
        Assert.Equal(1UL, IntegerRoot.Floor(1));
        Assert.Equal(ulong.MaxValue, IntegerRoot.Floor(UInt128.MaxValue));
    }
}
