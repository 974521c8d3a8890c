using Mev.Sdk.Storage.Archive.Columns;

namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>What a codec has learned when it came to the end of a root block; where the leaves below that root start.</summary>
/// <remarks>
/// The same whether it was made by encoding or by decoding. Not on disk: it follows from the root. Once saved it is only read, so that any number of codecs may start from it at a time; saving
/// into it again while one does is a mistake of the caller. A few MB.
/// </remarks>
internal sealed class BlockSnapshot
{
    /// <summary>What adapts, in the order of the columns.</summary>
    public readonly ByteArena State = new();

    /// <summary>Keys behind the dictionary, in the order of their ids.</summary>
    public readonly Rows<Pubkey> Keys = new();

    /// <summary>What is known of those.</summary>
    public readonly Rows<KeyRow> Learned = new();

    /// <summary>Keys of the dictionary, or well-known ones, of which something is known.</summary>
    public readonly Rows<KnownRow> Known = new();

    /// <summary>Says which dictionary the codec started with; 0 = nothing was saved yet.</summary>
    public ulong Dictionary { get; set; }

    /// <summary>Counts the times that it was saved into, so that a codec knows whether it started from this very state before.</summary>
    public int Version { get; set; }
}
