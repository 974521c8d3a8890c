namespace Mev.Sdk.Simulation.Execution;

/// <summary>A transaction before it is executed: who wants what, and what they pay to get it.</summary>
internal readonly record struct Order(OrderKind Kind, int Wallet)
{
    /// <summary>The first swap, or the pool that liquidity leaves.</summary>
    public SwapTerms First { get; init; }

    /// <summary>The second swap of an arbitrage.</summary>
    public SwapTerms Second { get; init; }

    /// <summary>Who gets a transfer.</summary>
    public int Counterparty { get; init; }

    /// <summary>Which mint a token transfer moves.</summary>
    public int MintIndex { get; init; }

    /// <summary>Lamports or base units of a transfer, or shares of liquidity.</summary>
    public ulong Amount { get; init; }

    /// <summary>Micro-lamports a compute unit; 0 = not set.</summary>
    public ulong ComputeUnitPrice { get; init; }

    /// <summary>Compute units; 0 = not set.</summary>
    public uint ComputeUnitLimit { get; init; }

    /// <summary>Lamports to a tip account; 0 = none.</summary>
    public ulong TipLamports { get; init; }

    /// <summary>The opportunity that the engine's strategy takes with it; 0 = none.</summary>
    public ulong OpportunityId { get; init; }
}
