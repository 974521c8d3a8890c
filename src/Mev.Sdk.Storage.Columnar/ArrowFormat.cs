namespace Mev.Sdk.Storage.Columnar;

/// <summary>The two ways in which Arrow's record batches travel.</summary>
public enum ArrowFormat
{
    /// <summary>The file format: record batches can be read in any order, memory-mapped (<c>.arrow</c>, also called Feather 2).</summary>
    File = 0,

    /// <summary>The stream format: read from front to end (<c>.arrows</c>), for pipes and sockets.</summary>
    Stream,
}
