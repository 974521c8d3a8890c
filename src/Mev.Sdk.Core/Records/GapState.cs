namespace Mev.Sdk.Records;

/// <summary>What became of a gap; stable on the wire and on disk.</summary>
public enum GapState : uint
{
    /// <summary>Still missing; may yet be replayed.</summary>
    Open = 0,

    /// <summary>Replayed since.</summary>
    Healed = 1,

    /// <summary>Cannot be had any more.</summary>
    Final = 2,
}
