namespace Mev.Sdk.Simulation.Execution;

/// <summary>Why an order failed on chain.</summary>
internal enum FailureKind
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The price had moved further than its terms allow.</summary>
    Slippage,

    /// <summary>The wallet no longer had what it wanted to give.</summary>
    InsufficientFunds,
}
