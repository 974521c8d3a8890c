namespace Mev.Sdk.Records;

/// <summary>Properties of a label; stable on the wire and on disk.</summary>
[Flags]
public enum LabelFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>It fits no rule and waits for a person.</summary>
    Suspect = 1,

    /// <summary>A person confirmed it.</summary>
    Confirmed = 2,

    /// <summary>A later look found it wrong; it stays for the record.</summary>
    Retracted = 4,
}
