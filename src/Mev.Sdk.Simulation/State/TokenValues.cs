using Mev.Sdk.Simulation.Agents;
using Mev.Sdk.Simulation.Randomness;

namespace Mev.Sdk.Simulation.State;

/// <summary>Moves what traders think tokens are worth, and how busy the market is: one step a slot.</summary>
internal sealed class TokenValues(MarketOptions options, ulong seed)
{
    /// <summary>Chance of a jump, in 1/65536: once in 3,000 slots, 20 minutes.</summary>
    private const uint JumpChance = Xoshiro256.One / 3_000;

    private readonly Xoshiro256 _random = new(seed, purpose: 5);
    private readonly int _step = options.VolatilityBasisPoints * (1 << 20) / 10_000;

    public void Advance(MarketState state)
    {
        foreach (var token in state.Tokens)
        {
            // A bell a slot, and now and then a jump of 25 deviations: news.
            var move = _random.Bell(_step);
            if (_random.Chance(JumpChance))
            {
                move += _random.Bell(_step) * 25;
            }

            // Pulled back by 1/4096 of its distance from where it began, so that it stays within sight of it for ever.
            var pull = ((long)token.InitialValue - (long)token.Value) / 4_096;
            var moved = (long)token.Value + (long)((Int128)token.Value * move >> 20) + pull;
            token.Value = (ulong)Math.Clamp(moved, (long)token.InitialValue / 16, (long)token.InitialValue * 16);
            var price = Habits.ReferencePrice(token);
            token.SlowPrice = (ulong)((long)token.SlowPrice + (((long)price - (long)token.SlowPrice) / 20));
        }

        // Activity returns to its mean by 1/32 a slot; bursts triple it.
        var activity = state.Activity + ((1_024 - state.Activity) / 32) + _random.Bell(40);
        if (_random.Chance(JumpChance * 4))
        {
            activity += 1_024 + _random.Below(1_024);
        }

        state.Activity = Math.Clamp(activity, 256, 4_096);
    }
}
