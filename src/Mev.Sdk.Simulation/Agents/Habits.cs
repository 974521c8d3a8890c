using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Maths;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Agents;

/// <summary>What all agents have in common: fees they bid, limits they ask for, how they get coins when they run out.</summary>
internal static class Habits
{
    /// <summary>Swaps are sized in 1/2^20 of the pool's reserve.</summary>
    public const int ShareBits = 20;

    /// <summary>Nobody trades more than this share of a reserve, about 8 %.</summary>
    private const ulong LargestShare = 1 << 16 | 1 << 14;

    /// <summary>A heavy-tailed price for compute, higher when the market is busy; some set none.</summary>
    public static ulong ComputeUnitPrice(MarketState state, Xoshiro256 random, ulong typical)
    {
        if (random.Chance(Xoshiro256.One / 8))
        {
            return 0;
        }

        var draw = random.HeavyTail(continuation: 39_000, maxOctave: 9);
        return Math.Max(1, typical * draw / 1_024 * (ulong)state.Activity / 1_024);
    }

    /// <summary>The limit that a wallet program would set for an order.</summary>
    public static uint ComputeUnitLimit(in SwapTerms terms, bool arbitrage) => (terms.Pool.Venue, arbitrage) switch
    {
        (_, true) => 240_000,
        (VenueId.RaydiumV4, _) => 80_000,
        (VenueId.OrcaWhirlpool, _) => 120_000,
        _ => 150_000,
    };

    /// <summary>A share of the reserve that a swap gives.</summary>
    public static ulong SwapAmount(Pool pool, bool buy, ulong share) =>
        Math.Max(1_000, (ulong)(Math.BigMul(pool.ReserveIn(buy), Math.Min(share, LargestShare)) >> ShareBits));

    /// <summary>A swap, or the transfer from the house that the wallet waits for when it cannot pay.</summary>
    public static Order SwapOrTopUp(MarketState state, Xoshiro256 random, int wallet, in SwapTerms terms, ulong price)
    {
        var mint = terms.Buy ? 0 : terms.Pool.Token.MintIndex;
        if (state.Ledger.Tokens(wallet, mint) < terms.AmountIn)
        {
            return new Order(OrderKind.TokenTransfer, state.Wallets.House)
            {
                Counterparty = wallet,
                MintIndex = mint,
                Amount = terms.AmountIn * (2 + random.Below(6UL)),
                ComputeUnitPrice = price,
            };
        }

        return new Order(OrderKind.Swap, wallet)
        {
            First = terms,
            ComputeUnitPrice = price,
            ComputeUnitLimit = price == 0 ? 0 : ComputeUnitLimit(in terms, arbitrage: false),
        };
    }

    /// <summary>A price's distance from another in 1/1024, bounded.</summary>
    public static int Deviation(ulong price, ulong reference) =>
        (int)Math.Clamp((long)(((UInt128)price << 10) / reference) - 1_024, -1_024, 1_024);

    /// <summary>The market's price of a token: that of its deepest pool.</summary>
    public static ulong ReferencePrice(Token token)
    {
        var deepest = token.Pools[0];
        foreach (var pool in token.Pools)
        {
            deepest = pool.ReserveSol > deepest.ReserveSol ? pool : deepest;
        }

        return ConstantProduct.Price(deepest.ReserveSol, deepest.ReserveToken);
    }
}
