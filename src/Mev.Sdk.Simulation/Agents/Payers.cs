using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;

namespace Mev.Sdk.Simulation.Agents;

/// <summary>People who send each other SOL or tokens.</summary>
internal sealed class Payers : IAgent
{
    public bool TryDecide(MarketState state, Xoshiro256 random, out Order order)
    {
        var from = random.Below(state.Wallets.TraderCount);
        var to = (from + 1 + random.Below(state.Wallets.TraderCount - 1)) % state.Wallets.TraderCount;
        var tokens = random.Below(3) == 0;
        var mint = 1 + random.Below(state.Tokens.Length);
        var balance = tokens ? state.Ledger.Tokens(from, mint) : state.Ledger.Lamports(from) / 16;
        order = new Order(tokens ? OrderKind.TokenTransfer : OrderKind.SolTransfer, from)
        {
            Counterparty = to,
            MintIndex = tokens ? mint : 0,
            Amount = balance / (16 + random.Below(2_048UL)),
            ComputeUnitPrice = random.Chance(Xoshiro256.One / 2) ? 0 : Habits.ComputeUnitPrice(state, random, typical: 5_000),
        };
        return order.Amount > 0;
    }
}
