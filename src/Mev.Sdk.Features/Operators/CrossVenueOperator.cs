using System.Runtime.CompilerServices;

namespace Mev.Sdk.Features.Operators;

/// <summary>How far the pools that trade one token against SOL stand apart.</summary>
internal sealed class CrossVenueOperator(int maxTokens) : FeatureOperator(
[
    new(new("market.cross_venue_gap", "1"), LookBackSlots, FeatureInputs.Execution | FeatureInputs.Earlier,
        "Greatest |ln(price / price elsewhere)| over the transaction's swaps against SOL: the pool's price after the swap against the last price of each other pool of the token seen in the look-back; missing when there is none."),
    new(new("market.price_move", "1"), LookBackSlots, FeatureInputs.Execution | FeatureInputs.Earlier,
        "ln(price after the main swap / the same pool's price before): negative when the token fell; missing when the pool had no price in the look-back or the swap no SOL leg."),
])
{
    // One minute of slots: an older price says more about silence than about a gap.
    internal const int LookBackSlots = 150;

    private readonly RecencyTable<TokenState> _tokens = new(maxTokens);

    public override void Compute(in FeatureInput input, Span<float> destination)
    {
        destination.Fill(float.NaN);
        var swaps = input.Transaction.Swaps;
        for (var i = 0; i < swaps.Length; i++)
        {
            ref readonly var swap = ref swaps[i];
            if (swap.Pool.IsZero || !SwapMath.TryTokenPrice(in swap, out var token, out var price))
            {
                continue;
            }

            ref var state = ref _tokens.Find(in token);
            if (Unsafe.IsNullRef(ref state))
            {
                continue;
            }

            foreach (ref readonly var seen in state.Recent)
            {
                if (seen.Pool.IsZero || seen.Slot + LookBackSlots < input.Transaction.Record.Slot)
                {
                    continue;
                }

                var move = Math.Log(price / seen.Price);
                if (seen.Pool != swap.Pool)
                {
                    // Not Math.Max: it would keep the NaN that stands for "none yet".
                    destination[0] = Math.Abs(move) <= destination[0] ? destination[0] : (float)Math.Abs(move);
                }
                else if (i == input.MainSwap)
                {
                    destination[1] = (float)move;
                }
            }
        }
    }

    public override void Update(in FeatureInput input)
    {
        foreach (ref readonly var swap in input.Transaction.Swaps)
        {
            if (!swap.Pool.IsZero && SwapMath.TryTokenPrice(in swap, out var token, out var price))
            {
                _tokens.Touch(in token).Note(in swap.Pool, price, input.Transaction.Record.Slot);
            }
        }
    }

    private struct PoolPrice
    {
        public Pubkey Pool;
        public double Price;
        public ulong Slot;
    }

    [InlineArray(Length)]
    private struct RecentPools
    {
        // More pools than most tokens have; the one priced longest ago makes room.
        public const int Length = 6;

        private PoolPrice _first;
    }

    private struct TokenState
    {
        public RecentPools Recent;

        public void Note(in Pubkey pool, double price, ulong slot)
        {
            var at = 0;
            for (var i = 0; i < RecentPools.Length; i++)
            {
                if (Recent[i].Pool == pool || Recent[i].Pool.IsZero)
                {
                    at = i;
                    break;
                }

                at = Recent[i].Slot < Recent[at].Slot ? i : at;
            }

            Recent[at] = new PoolPrice { Pool = pool, Price = price, Slot = Math.Max(slot, Recent[at].Pool == pool ? Recent[at].Slot : 0) };
        }
    }
}
