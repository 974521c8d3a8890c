namespace Mev.Sdk.Storage.Journal;

/// <summary>How hard the journal compresses. Readers read all of them.</summary>
public enum JournalCompression
{
    /// <summary>LZ4 at its fastest.</summary>
    Fast = 0,

    /// <summary>LZ4 high compression, level 9: smaller, several times slower to write, as fast to read.</summary>
    High = 1,

    /// <summary>Frames as they are.</summary>
    None = 2,
}
