namespace Mev.Sdk.Features;

/// <summary>What a feature may look at. Nothing later than its own record is ever among it.</summary>
[Flags]
public enum FeatureInputs
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>What the transaction asks for: compute budget, tip. Known before it runs.</summary>
    Request = 1,

    /// <summary>What running it did: swaps, amounts, reserves, errors. Known only with status meta.</summary>
    Execution = 2,

    /// <summary>Transactions of smaller LSN.</summary>
    Earlier = 4,
}
