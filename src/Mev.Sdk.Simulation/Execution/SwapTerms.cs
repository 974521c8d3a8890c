using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Execution;

/// <summary>One swap as its instruction states it.</summary>
/// <param name="Pool">Where.</param>
/// <param name="Buy">SOL in and tokens out, or the reverse.</param>
/// <param name="AmountIn">Exactly this in, or with <see cref="IsExactOut"/> at most this.</param>
/// <param name="AmountOut">At least this out, or with <see cref="IsExactOut"/> exactly this.</param>
internal readonly record struct SwapTerms(Pool Pool, bool Buy, ulong AmountIn, ulong AmountOut)
{
    /// <summary>PumpSwap's buy names what it wants and the most it pays; every other instruction here names what it gives.</summary>
    public bool IsExactOut => Buy && Pool.Venue == Records.VenueId.PumpSwap;

    /// <summary>Terms that give <paramref name="amountIn"/> at today's price, and accept that the price moves by a tolerance.</summary>
    /// <param name="pool">Where.</param>
    /// <param name="buy">SOL in and tokens out, or the reverse.</param>
    /// <param name="amountIn">What to give.</param>
    /// <param name="toleranceBasisPoints">How much worse it may come.</param>
    public static SwapTerms AtMarket(Pool pool, bool buy, ulong amountIn, uint toleranceBasisPoints)
    {
        var expected = pool.Quote(buy, amountIn);
        var terms = new SwapTerms(pool, buy, amountIn, expected);
        return terms.IsExactOut
            ? terms with { AmountIn = (ulong)(Math.BigMul(amountIn, 10_000 + toleranceBasisPoints) / 10_000) }
            : terms with { AmountOut = (ulong)(Math.BigMul(expected, 10_000 - toleranceBasisPoints) / 10_000) };
    }

    /// <summary>What the swap would move now, or null when its terms do not hold.</summary>
    public (ulong In, ulong Out)? Evaluate()
    {
        if (IsExactOut)
        {
            var needed = AmountOut == 0 ? null : Pool.QuoteExactOut(Buy, AmountOut);
            return needed <= AmountIn ? (needed.Value, AmountOut) : null;
        }

        var output = Pool.Quote(Buy, AmountIn);
        return output == 0 || output < AmountOut ? null : (AmountIn, output);
    }
}
