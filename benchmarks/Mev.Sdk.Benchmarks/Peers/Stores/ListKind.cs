namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>What the elements of a list column are, and how they are staged as text.</summary>
internal enum ListKind
{
    /// <summary>Bytes, as hexadecimal digits.</summary>
    Bytes,

    /// <summary>UTF-8 lines.</summary>
    Text,

    /// <summary>Numbers up to 255.</summary>
    Small,

    /// <summary>Numbers of 64 bits.</summary>
    Large,
}
