using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>An object that the sealer is putting together, and once it is complete tries to put into the store. Not thread-safe.</summary>
internal sealed class SealedObject(Stream stream, ArchiveWriterOptions options, long began) : IDisposable
{
    private readonly ArchiveWriter _writer = new(stream, options);
    private readonly RecordDigest _records = new();

    /// <summary>All of it, once it is complete.</summary>
    public Stream Stream => stream;

    /// <summary>When its first record was taken, as a timestamp of the sealer's clock.</summary>
    public long Began => began;

    /// <summary>LSN of the record that was appended last; <see cref="Lsn.None"/> before the first.</summary>
    public Lsn LastLsn { get; private set; }

    /// <summary>What it holds; null before it is complete.</summary>
    public ArchiveObjectInfo? Info { get; private set; }

    /// <summary>SHA-256 of the stream, once somebody computed it.</summary>
    public byte[]? Hash { get; set; }

    /// <summary>What the store called a copy that it gave back wrong.</summary>
    public string? RejectedETag { get; set; }

    /// <summary>Appends records of a batch as far as they fit.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">How many of them were taken before.</param>
    /// <param name="objectBytes">Most frame bytes; a first record always fits.</param>
    /// <param name="claimedTo">Where an object ends that was claimed and perhaps never put; one that begins up to there ends there, however long it is.</param>
    /// <returns>How many are taken now; less than there are when the object is full, or the rest is another log's.</returns>
    /// <exception cref="InvalidDataException">A frame has another sequence than its batch says.</exception>
    public int Append(RecordBatch batch, int from, long objectBytes, Lsn claimedTo)
    {
        var taken = 0;
        foreach (var record in batch)
        {
            if (taken >= from)
            {
                if (_writer.Frames > 0
                    && (_writer.FirstLsn <= claimedTo ? record.Lsn > claimedTo : _writer.FrameBytes + record.Frame.Length > objectBytes || record.Lsn.LogId != _writer.FirstLsn.LogId))
                {
                    return taken;
                }

                // The position is not stored beside the frame: it is in it.
                var sequence = batch.First.Sequence + (ulong)taken;
                if (record.Header.Sequence != sequence)
                {
                    throw new InvalidDataException(
                        $"The log is damaged: its frame at LSN {record.Lsn} has sequence {record.Header.Sequence}, and its place in the log says {sequence}. Restore the log from a copy.");
                }

                _writer.Append(record.Lsn, batch.First.SourceId, batch.First.SessionId, record.Frame);
                _records.Add(record.Lsn, batch.First.SourceId, batch.First.SessionId, record.Frame);
                LastLsn = record.Lsn;
            }

            taken++;
        }

        return taken;
    }

    /// <summary>Ends it; again, it is what it was.</summary>
    public ArchiveObjectInfo Complete() => Info ??= _writer.Complete();

    /// <summary>Digest of its records.</summary>
    public byte[] ComputeDigest() => _records.Compute();

    public void Dispose()
    {
        _writer.Dispose();
        _records.Dispose();
    }
}
