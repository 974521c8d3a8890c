namespace Mev.Sdk.Simulation.Maths;

/// <summary>How much to put through two pools of one pair, and what remains: SOL into the first, its tokens into the second, SOL out.</summary>
/// <remarks>
/// Two constant-product swaps behind each other are one constant-product swap with virtual reserves
/// E = x1 y2 / (y2 + g2 y1) and F = g2 y1 x2 / (y2 + g2 y1), where x is SOL, y tokens and g what a fee leaves; F g1 a / (E + g1 a) - a is greatest
/// at a = (sqrt(E F g1) - E) / g1. See Angeris and others, "Optimal Routing for Constant Function Market Makers", 2022, section 2.
/// The amount is computed in integers to within rounding of the best; the profit is then that of the two real integer swaps.
/// </remarks>
internal static class TwoPoolArbitrage
{
    /// <summary>Whether the price gap exceeds both fees: a cheap test before the square root.</summary>
    public static bool IsOpen(ulong buySol, ulong buyToken, uint buyFee, ulong sellSol, ulong sellToken, uint sellFee)
    {
        // At the margin one lamport returns g1 g2 y1 x2 / (x1 y2).
        var kept = (UInt128)(ConstantProduct.FeeUnits - buyFee) * (ConstantProduct.FeeUnits - sellFee);
        var gain = Math.BigMul(buyToken, sellSol);
        var cost = Math.BigMul(buySol, sellToken);
        // The fee factors need 40 bits: both sides are shifted alike until the products fit, which costs less than 2^-80 of precision.
        var shift = Math.Max(0, 40 - (int)UInt128.LeadingZeroCount(gain | cost));
        return (gain >> shift) * kept > (cost >> shift) * ((UInt128)ConstantProduct.FeeUnits * ConstantProduct.FeeUnits);
    }

    /// <summary>The lamports that earn most; 0 = no amount earns.</summary>
    public static ulong BestAmountIn(ulong buySol, ulong buyToken, uint buyFee, ulong sellSol, ulong sellToken, uint sellFee)
    {
        if (!IsOpen(buySol, buyToken, buyFee, sellSol, sellToken, sellFee))
        {
            return 0;
        }

        var sold = ConstantProduct.AfterFee(buyToken, sellFee);
        var denominator = (UInt128)sellToken + sold;
        var virtualIn = (ulong)(Math.BigMul(buySol, sellToken) / denominator);
        var virtualOut = (ulong)(Math.BigMul(sold, sellSol) / denominator);
        var root = IntegerRoot.Floor(Math.BigMul(virtualIn, ConstantProduct.AfterFee(virtualOut, buyFee)));
        return root <= virtualIn ? 0 : (ulong)((UInt128)(root - virtualIn) * ConstantProduct.FeeUnits / (ConstantProduct.FeeUnits - buyFee));
    }
}
