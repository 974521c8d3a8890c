namespace Mev.Sdk.Records;

/// <summary>Properties of an opportunity; stable on the wire.</summary>
[Flags]
public enum OpportunityFlags : uint
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Comes from a simulated market.</summary>
    Simulated = 1,

    /// <summary>Found by an inspector in what already happened on chain, not by an engine before it happened.</summary>
    Observed = 2,

    /// <summary>It was executed.</summary>
    Executed = 4,

    /// <summary>It was executed and paid.</summary>
    Succeeded = 8,
}
