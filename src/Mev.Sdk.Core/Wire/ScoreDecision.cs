namespace Mev.Sdk.Wire;

/// <summary>What the deployed policy chose for an opportunity; stable on the wire.</summary>
public enum ScoreDecision : uint
{
    /// <summary>The score is a hint; no choice was made.</summary>
    None = 0,

    /// <summary>Take it.</summary>
    Act = 1,

    /// <summary>Leave it.</summary>
    Decline = 2,
}
