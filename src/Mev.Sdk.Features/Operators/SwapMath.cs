using Mev.Sdk.Records;

namespace Mev.Sdk.Features.Operators;

/// <summary>Arithmetic on one swap; every result is NaN when what it needs is unknown.</summary>
internal static class SwapMath
{
    /// <summary>Share of the pool's reserve that the trade adds: amountIn / (reserveIn + amountIn), 0 to 1.</summary>
    /// <remarks>Exact for a constant product without fee; for concentrated liquidity it is a lower bound on the depth used.</remarks>
    public static double PriceImpact(in SwapEntry swap) => swap.ReserveInBefore == 0 || swap.AmountIn == 0
        ? double.NaN
        : swap.AmountIn / ((double)swap.ReserveInBefore + swap.AmountIn);

    /// <summary>How much worse the output might have become: 1 - minimumOut / out.</summary>
    public static double SlippageTolerance(in SwapEntry swap) => swap.MinimumAmountOut == 0 || swap.AmountOut == 0
        ? double.NaN
        : 1 - (swap.MinimumAmountOut / (double)swap.AmountOut);

    /// <summary>SOL that changed hands; NaN when neither leg is wrapped SOL.</summary>
    public static double ValueInSol(in SwapEntry swap)
    {
        var lamports = swap.MintIn == Mints.WrappedSol ? swap.AmountIn : swap.MintOut == Mints.WrappedSol ? swap.AmountOut : 0;
        return lamports == 0 ? double.NaN : lamports / Mints.LamportsPerSol;
    }

    /// <summary>Price of the token that is not wrapped SOL, lamports a base unit, as the pool stands after the swap.</summary>
    /// <remarks>
    /// Of a constant-product pool with known reserves the quotient of its reserves after the trade; elsewhere the trade's own average
    /// price, because vault balances of concentrated or virtual liquidity say nothing of the price.
    /// </remarks>
    /// <returns>False when neither or both legs are wrapped SOL, or an amount is 0.</returns>
    public static bool TryTokenPrice(in SwapEntry swap, out Pubkey token, out double price)
    {
        var sells = swap.MintOut == Mints.WrappedSol;
        token = sells ? swap.MintIn : swap.MintOut;
        price = double.NaN;
        if (sells == (swap.MintIn == Mints.WrappedSol) || swap.AmountIn == 0 || swap.AmountOut == 0)
        {
            return false;
        }

        double given = swap.AmountIn;
        double got = swap.AmountOut;
        if (IsConstantProduct(swap.Venue) && swap.ReserveInBefore != 0 && swap.ReserveOutBefore > swap.AmountOut)
        {
            given += swap.ReserveInBefore;
            got = swap.ReserveOutBefore - swap.AmountOut;
        }

        price = sells ? got / given : given / got;
        return true;
    }

    private static bool IsConstantProduct(VenueId venue) => venue is VenueId.RaydiumV4 or VenueId.RaydiumCpmm or VenueId.PumpSwap;
}
