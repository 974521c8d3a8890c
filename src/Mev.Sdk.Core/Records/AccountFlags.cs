namespace Mev.Sdk.Records;

/// <summary>Properties of an account; stable on the wire and on disk.</summary>
[Flags]
public enum AccountFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The account is a program.</summary>
    Executable = 1,

    /// <summary>Sent with a snapshot at start-up, not because it was written.</summary>
    Startup = 2,
}
