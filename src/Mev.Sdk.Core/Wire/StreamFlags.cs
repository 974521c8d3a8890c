namespace Mev.Sdk.Wire;

/// <summary>Properties of an engine's whole stream; stable on the wire.</summary>
[Flags]
public enum StreamFlags : uint
{
    /// <summary>A stream of the real chain.</summary>
    None = 0,

    /// <summary>The records are simulated; a host keeps them apart from real ones.</summary>
    Simulated = 1,
}
