namespace Mev.Sdk.Records;

/// <summary>How a node of the cluster fares; stable on the wire and on disk.</summary>
public enum NodeHealth : ushort
{
    /// <summary>Not asked.</summary>
    Unknown = 0,

    /// <summary>Answers and is near the tip.</summary>
    Healthy = 1,

    /// <summary>Answers, but is behind the tip.</summary>
    Behind = 2,

    /// <summary>The cluster counts it as delinquent: it has not voted for a while.</summary>
    Delinquent = 3,

    /// <summary>Does not answer.</summary>
    Unreachable = 4,
}
