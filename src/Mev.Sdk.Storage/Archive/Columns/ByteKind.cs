namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>How a piece of data was coded; the numbers are part of contexts, and so of the format.</summary>
internal enum ByteKind : byte
{
    Literal = 0,

    /// <summary>Eight bytes that the transaction said before.</summary>
    Value = 1,

    /// <summary>Thirty-two bytes that are a known key.</summary>
    Key = 2,
}
