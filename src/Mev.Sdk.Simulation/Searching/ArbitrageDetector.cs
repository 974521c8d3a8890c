using Mev.Sdk.Simulation.Maths;
using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Searching;

/// <summary>Looks for the arbitrage that pays most between the pools of a token.</summary>
internal static class ArbitrageDetector
{
    /// <summary>Finds it.</summary>
    /// <param name="token">The token.</param>
    /// <param name="gap">The best one.</param>
    /// <returns>False when no pair of pools pays.</returns>
    public static bool TryFind(Token token, out Gap gap)
    {
        gap = default;
        foreach (var buy in token.Pools)
        {
            foreach (var sell in token.Pools)
            {
                if (buy != sell && TryEvaluate(buy, sell, out var candidate) && (gap.Buy is null || candidate.Profit > gap.Profit))
                {
                    gap = candidate;
                }
            }
        }

        return gap.Buy is not null;
    }

    private static bool TryEvaluate(Pool buy, Pool sell, out Gap gap)
    {
        var amount = TwoPoolArbitrage.BestAmountIn(
            buy.ReserveSol, buy.ReserveToken, buy.FeeMillionths, sell.ReserveSol, sell.ReserveToken, sell.FeeMillionths);
        var tokens = buy.Quote(buy: true, amount);
        var output = sell.Quote(buy: false, tokens);
        gap = new Gap(buy, sell, amount, tokens, output);
        return amount > 0 && output > amount;
    }
}
