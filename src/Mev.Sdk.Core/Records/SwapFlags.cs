namespace Mev.Sdk.Records;

/// <summary>Properties of a swap; stable on the wire.</summary>
[Flags]
public enum SwapFlags : ushort
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>An aggregator routed it; the outer program is the aggregator.</summary>
    Routed = 1,

    /// <summary>Recognised from token movements alone: the program is not a known venue, or its instruction did not say where its pool keeps its tokens.</summary>
    FromTokenMovements = 2,
}
