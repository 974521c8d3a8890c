namespace Mev.Sdk.Simulation.Execution;

/// <summary>What a transaction of the market wants.</summary>
internal enum OrderKind
{
    /// <summary>A swap in one pool.</summary>
    Swap,

    /// <summary>Two swaps, SOL to SOL.</summary>
    Arbitrage,

    /// <summary>Lamports from one wallet to another.</summary>
    SolTransfer,

    /// <summary>Tokens from one wallet to another.</summary>
    TokenTransfer,

    /// <summary>A validator's vote.</summary>
    Vote,

    /// <summary>The house takes liquidity out of a pool.</summary>
    WithdrawLiquidity,
}
