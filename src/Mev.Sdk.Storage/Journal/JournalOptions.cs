namespace Mev.Sdk.Storage.Journal;

/// <summary>How a <see cref="RecordJournal"/> writes. Read once, when it opens.</summary>
public sealed class JournalOptions
{
    /// <summary>Folder of the journal; made when it is missing. Required, except with <c>AddStorage</c>, where the default is the data directory's <c>journal</c>.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Upper 16 bits of every LSN; different for each host whose logs are ever merged. Default 0.</summary>
    public ushort LogId { get; set; }

    /// <summary>When a record counts as durable. Default <see cref="JournalFsync.Interval"/>.</summary>
    public JournalFsync Fsync { get; set; } = JournalFsync.Interval;

    /// <summary>
    /// Longest time between a record's arrival and its group's commit, 1 ms to 1 min; ignored with <see cref="JournalFsync.EveryCommit"/>.
    /// Default 100 ms.
    /// </summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How hard to compress. Default <see cref="JournalCompression.Fast"/>.</summary>
    public JournalCompression Compression { get; set; } = JournalCompression.Fast;

    /// <summary>Frame bytes in a block before it is compressed, 4 KiB to 8 MiB; a longer single frame gets its own block. Default 1 MiB.</summary>
    public int BlockBytes { get; set; } = 1 << 20;

    /// <summary>Bytes on disk after which a new segment begins, 64 KiB to 16 GiB. Default 256 MiB.</summary>
    public long SegmentBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Frame bytes that may wait for the writer, 64 KiB to 1 GiB; then <see cref="RecordJournal.WriteAsync"/> waits. Two such buffers exist.
    /// A larger single batch is taken when the buffer is empty. Default 16 MiB.
    /// </summary>
    public int BufferBytes { get; set; } = 16 << 20;

    /// <summary>Encryption at rest; off by default.</summary>
    public JournalEncryptionOptions Encryption { get; set; } = new();

    /// <summary>What is deleted in time; by default nothing.</summary>
    public JournalRetentionOptions Retention { get; set; } = new();

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Journal")
    {
        if (!Enum.IsDefined(Fsync))
            yield return $"{section}:{nameof(Fsync)} is {Fsync}: set Interval, EveryCommit or None.";
        if (!Enum.IsDefined(Compression))
            yield return $"{section}:{nameof(Compression)} is {Compression}: set Fast, High or None.";
        if (CommitInterval < TimeSpan.FromMilliseconds(1) || CommitInterval > TimeSpan.FromMinutes(1))
            yield return $"{section}:{nameof(CommitInterval)} is {CommitInterval}: set 00:00:00.001 to 00:01:00.";
        if (BlockBytes is < 4 << 10 or > 8 << 20)
            yield return $"{section}:{nameof(BlockBytes)} is {BlockBytes}: set {4 << 10} to {8 << 20}.";
        if (SegmentBytes is < 64L << 10 or > 16L << 30)
            yield return $"{section}:{nameof(SegmentBytes)} is {SegmentBytes}: set {64L << 10} to {16L << 30}.";
        if (BufferBytes is < 64 << 10 or > 1 << 30)
            yield return $"{section}:{nameof(BufferBytes)} is {BufferBytes}: set {64 << 10} to {1 << 30}.";
        foreach (var problem in Encryption.Validate($"{section}:{nameof(Encryption)}").Concat(Retention.Validate($"{section}:{nameof(Retention)}")))
            yield return problem;
    }

    /// <summary>A copy for another folder.</summary>
    internal JournalOptions In(string directory)
    {
        var copy = (JournalOptions)MemberwiseClone();
        copy.Directory = directory;
        return copy;
    }
}
