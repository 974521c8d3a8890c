namespace Mev.Sdk.Records;

/// <summary>Properties of a strategy; stable on the wire and on disk.</summary>
[Flags]
public enum StrategyFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>It acts on what it sees.</summary>
    Enabled = 1,

    /// <summary>It decides, but sends nothing.</summary>
    Shadow = 2,
}
