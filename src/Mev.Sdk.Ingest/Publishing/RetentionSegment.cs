namespace Mev.Sdk.Ingest.Publishing;

/// <summary>A stretch of retained frames. Guarded by the publisher's gate, except that its writer fills bytes behind <see cref="Published"/>.</summary>
/// <param name="buffer">The memory.</param>
/// <param name="start">Retention bytes allocated before this segment, since the publisher started.</param>
/// <param name="firstSequence">Sequence of the first frame.</param>
internal sealed class RetentionSegment(byte[] buffer, long start, ulong firstSequence)
{
    public byte[] Buffer { get; } = buffer;

    public long Start { get; } = start;

    public long End => Start + Buffer.Length;

    public ulong FirstSequence { get; } = firstSequence;

    public ulong NextSequence { get; set; } = firstSequence;

    /// <summary>Bytes of whole stamped frames at the front.</summary>
    public int Published { get; set; }

    /// <summary>Offsets of every <see cref="FramesPerMark"/>th frame, as far as somebody looked; so that each frame is walked over once.</summary>
    public List<int> Marks { get; } = [0];

    /// <summary>Frames from one mark to the next.</summary>
    public const int FramesPerMark = 64;

    /// <summary>Sends that read this memory now.</summary>
    public int Leases { get; set; }

    /// <summary>No longer retained; the memory is used again once no lease is left.</summary>
    public bool IsEvicted { get; set; }

    public RetentionSegment? Next { get; set; }
}
