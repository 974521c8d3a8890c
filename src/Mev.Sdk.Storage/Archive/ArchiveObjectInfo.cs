namespace Mev.Sdk.Storage.Archive;

/// <summary>What an archive object holds in sum, as its directory says.</summary>
public sealed record ArchiveObjectInfo
{
    /// <summary>Its id, drawn at random when it was made.</summary>
    public required Guid ObjectId { get; init; }

    /// <summary>LSN of its first record.</summary>
    public required Lsn FirstLsn { get; init; }

    /// <summary>LSN of its last record.</summary>
    public required Lsn LastLsn { get; init; }

    /// <summary>Least slot that a record speaks of; 0 when none does.</summary>
    public required ulong FirstSlot { get; init; }

    /// <summary>Greatest slot that a record speaks of; 0 when none does.</summary>
    public required ulong LastSlot { get; init; }

    /// <summary>Least engine time of its frames, nanoseconds since the Unix epoch; 0 when none has one.</summary>
    public required ulong LeastTimeNanoseconds { get; init; }

    /// <summary>Greatest engine time of its frames, nanoseconds since the Unix epoch; 0 when none has one.</summary>
    public required ulong GreatestTimeNanoseconds { get; init; }

    /// <summary>Records.</summary>
    public required long Frames { get; init; }

    /// <summary>Those of them that are transactions.</summary>
    public required long Transactions { get; init; }

    /// <summary>Sightings of signatures in its index; a transaction with two signatures counts twice.</summary>
    public required long Signatures { get; init; }

    /// <summary>Bytes of the frames.</summary>
    public required long FrameBytes { get; init; }

    /// <summary>Bytes of what was kept beside them.</summary>
    public required long ResidualBytes { get; init; }

    /// <summary>Bytes of the JSON that an import was given for them; 0 when they were never JSON.</summary>
    public required long JsonBytes { get; init; }

    /// <summary>Blocks: the root and the leaves.</summary>
    public required int Blocks { get; init; }

    /// <summary>Bytes of the object: blocks, both roots, indexes, directory, everything.</summary>
    public required long Length { get; init; }

    /// <summary>Where its tail begins; who keeps it opens the object with one request.</summary>
    public required long TailOffset { get; init; }

    /// <summary>Bytes of its signature index.</summary>
    public required long SignatureIndexBytes { get; init; }

    /// <summary>Id of the archive key that it is encrypted under; <see cref="Guid.Empty"/> when it is not.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>Name of the key dictionary's blob that it needs; null when it needs none.</summary>
    public required string? DictionaryName { get; init; }

    internal static ArchiveObjectInfo Of(Objects.ObjectDirectory directory, in Objects.ObjectTrailer trailer) => new()
    {
        ObjectId = directory.Header.ObjectId,
        FirstLsn = new Lsn(directory.FirstLsn),
        LastLsn = new Lsn(directory.LastLsn),
        FirstSlot = directory.FirstSlot,
        LastSlot = directory.LastSlot,
        LeastTimeNanoseconds = directory.LeastTime,
        GreatestTimeNanoseconds = directory.GreatestTime,
        Frames = directory.Frames,
        Transactions = directory.Transactions,
        Signatures = directory.Signatures,
        FrameBytes = directory.FrameBytes,
        ResidualBytes = directory.ResidualBytes,
        JsonBytes = directory.JsonBytes,
        Blocks = directory.Blocks,
        Length = trailer.Length,
        TailOffset = trailer.TailOffset,
        SignatureIndexBytes = directory.SignatureIndex.Length,
        KeyId = directory.Header.KeyId,
        DictionaryName = directory.Header.NeedsDictionary ? KeyDictionary.GetBlobName(directory.Header.Dictionary) : null,
    };
}
