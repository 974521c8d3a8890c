namespace Mev.Sdk.Simulation.Maths;

/// <summary>Swaps of a pool that keeps the product of its reserves, in integers and rounded in the pool's favour.</summary>
/// <remarks>
/// The rule of Uniswap v2, section 3.2.1 ("adjusted balances"), with the fee as millionths of the amount in; the fee stays in the pool.
/// Reserves and amounts are u64, intermediates 128 bits: (2^64)^2 fits, times a million does not, so the fee is taken first.
/// </remarks>
internal static class ConstantProduct
{
    /// <summary>Fees are counted in this many parts of the amount in.</summary>
    public const uint FeeUnits = 1_000_000;

    /// <summary>What of the amount in takes part in the exchange; rounded down.</summary>
    public static ulong AfterFee(ulong amountIn, uint feeMillionths) =>
        (ulong)(Math.BigMul(amountIn, FeeUnits - feeMillionths) / FeeUnits);

    /// <summary>What a trader gets for an exact amount in; rounded down.</summary>
    public static ulong AmountOut(ulong amountIn, ulong reserveIn, ulong reserveOut, uint feeMillionths)
    {
        var effective = AfterFee(amountIn, feeMillionths);
        return effective == 0 ? 0 : (ulong)(Math.BigMul(effective, reserveOut) / ((UInt128)reserveIn + effective));
    }

    /// <summary>What a trader must give for an exact amount out; rounded up, and null when the pool does not hold that much.</summary>
    public static ulong? AmountIn(ulong amountOut, ulong reserveIn, ulong reserveOut, uint feeMillionths)
    {
        if (amountOut >= reserveOut)
        {
            return null;
        }

        var effective = CeilingDivide(Math.BigMul(amountOut, reserveIn), reserveOut - amountOut);
        if (effective > long.MaxValue)
        {
            return null;
        }

        var amountIn = CeilingDivide(effective * FeeUnits, FeeUnits - feeMillionths);
        while (amountIn <= ulong.MaxValue && AfterFee((ulong)amountIn, feeMillionths) < effective)
        {
            amountIn++;
        }

        return amountIn > ulong.MaxValue ? null : (ulong)amountIn;
    }

    /// <summary>Price of the second reserve's unit in the first's, times 2^32.</summary>
    public static ulong Price(ulong reserveSol, ulong reserveToken) => (ulong)(((UInt128)reserveSol << 32) / reserveToken);

    private static UInt128 CeilingDivide(UInt128 value, UInt128 divisor) => (value + divisor - 1) / divisor;
}
