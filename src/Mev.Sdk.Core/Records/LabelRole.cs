namespace Mev.Sdk.Records;

/// <summary>What a leg was in a label; stable on the wire and on disk.</summary>
public enum LabelRole : ushort
{
    /// <summary>Not stated.</summary>
    Unknown = 0,

    /// <summary>The leg is the whole of it, as with an atomic arbitrage.</summary>
    Whole = 1,

    /// <summary>Before the victim.</summary>
    Front = 2,

    /// <summary>The one acted on.</summary>
    Victim = 3,

    /// <summary>Behind the victim, or behind the trigger.</summary>
    Back = 4,

    /// <summary>What opened the chance.</summary>
    Trigger = 5,
}
