namespace Mev.Sdk.Records;

/// <summary>Kinds of opportunity; stable on the wire and on disk.</summary>
public enum OpportunityKind : ushort
{
    /// <summary>Not stated.</summary>
    Unknown = 0,

    /// <summary>Closed cycle of swaps.</summary>
    Arbitrage = 1,

    /// <summary>Swaps around a victim; detected, never acted on.</summary>
    Sandwich = 2,

    /// <summary>A loan that may be liquidated.</summary>
    Liquidation = 3,

    /// <summary>An arbitrage opened by the transaction just before.</summary>
    Backrun = 4,

    /// <summary>Liquidity added around somebody's swap.</summary>
    JitLiquidity = 5,
}
