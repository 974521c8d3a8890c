namespace Mev.Sdk.Features.Operators;

/// <summary>What the transaction's swaps did. The main swap is the one with the greatest price impact, or the first.</summary>
internal sealed class SwapOperator() : FeatureOperator(
[
    new(new("swap.count", "1"), 0, FeatureInputs.Execution,
        "Swaps executed, legs of a route counted singly; missing without status meta."),
    new(new("swap.value", "SOL"), 0, FeatureInputs.Execution,
        "The largest amount of wrapped SOL that one swap gave or took; missing when no swap has a SOL leg."),
    new(new("swap.price_impact", "1"), 0, FeatureInputs.Execution,
        "amountIn / (reserveIn + amountIn) of the main swap; missing when no reserves are known."),
    new(new("swap.slippage_tolerance", "1"), 0, FeatureInputs.Execution,
        "1 - minimumOut / out of the main swap; missing when the instruction states no minimum."),
    new(new("swap.venue", "venue id"), 0, FeatureInputs.Execution,
        "Venue of the main swap by its stable id, 0 for an unrecognised one; missing without swaps."),
])
{
    public override void Compute(in FeatureInput input, Span<float> destination)
    {
        var swaps = input.Transaction.Swaps;
        destination[0] = input.HasMeta || !swaps.IsEmpty ? swaps.Length : float.NaN;
        if (swaps.IsEmpty)
        {
            destination[1..].Fill(float.NaN);
            return;
        }

        var value = double.NaN;
        foreach (ref readonly var swap in swaps)
        {
            var sol = SwapMath.ValueInSol(in swap);
            value = double.IsNaN(value) || sol > value ? sol : value;
        }

        ref readonly var main = ref swaps[input.MainSwap];
        destination[1] = (float)value;
        destination[2] = (float)SwapMath.PriceImpact(in main);
        destination[3] = (float)SwapMath.SlippageTolerance(in main);
        destination[4] = (float)main.Venue;
    }
}
