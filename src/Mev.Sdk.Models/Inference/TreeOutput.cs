namespace Mev.Sdk.Models.Inference;

/// <summary>What a sum of leaves becomes.</summary>
public enum TreeOutput
{
    /// <summary>The sum itself.</summary>
    Identity = 0,

    /// <summary>1 / (1 + exp(-steepness * sum)).</summary>
    Sigmoid = 1,
}
