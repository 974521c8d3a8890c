namespace Mev.Sdk.Wire;

/// <summary>Properties of an engine's whole stream; stable on the wire.</summary>
[Flags]
public enum StreamFlags : uint
{
    /// <summary>A stream of the real chain, that asks for no proof and takes no requests.</summary>
    None = 0,

    /// <summary>The records are simulated; a host keeps them apart from real ones.</summary>
    Simulated = 1,

    /// <summary>A challenge follows the hello, and nothing is sent before it was answered.</summary>
    Authenticated = 2,

    /// <summary>The engine answers replay requests.</summary>
    Replays = 4,

    /// <summary>The engine takes parameter updates and answers them.</summary>
    TakesParameters = 8,

    /// <summary>The engine takes scores of opportunities.</summary>
    TakesScores = 16,
}
