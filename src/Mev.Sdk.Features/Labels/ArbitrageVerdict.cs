namespace Mev.Sdk.Features.Labels;

/// <summary>What an inspector made of a transaction.</summary>
public enum ArbitrageVerdict
{
    /// <summary>No closed cycle of two or more swaps.</summary>
    None = 0,

    /// <summary>A closed cycle that paid after fee and tip.</summary>
    Arbitrage = 1,

    /// <summary>A closed cycle that was executed and did not pay after fee and tip, or left the owner short of some mint.</summary>
    Lost = 2,

    /// <summary>A closed cycle in a transaction that failed: an attempt, not an opportunity.</summary>
    Failed = 3,
}
