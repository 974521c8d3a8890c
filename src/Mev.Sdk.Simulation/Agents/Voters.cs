using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Agents;

/// <summary>Validators who vote.</summary>
internal sealed class Voters : IAgent
{
    public bool TryDecide(MarketState state, Xoshiro256 random, out Order order)
    {
        order = new Order(OrderKind.Vote, state.Wallets.FirstValidator + random.Below(WalletMap.ValidatorCount));
        return true;
    }
}
