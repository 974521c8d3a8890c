using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>An object that the sealer is putting together. Not thread-safe.</summary>
internal sealed class SealedObject(Stream stream, ArchiveWriterOptions options, long began) : IDisposable
{
    private readonly ArchiveWriter _writer = new(stream, options);

    public Stream Stream => stream;

    /// <summary>When its first record was taken, as a timestamp of the sealer's clock.</summary>
    public long Began => began;

    /// <summary>Appends records of a batch as far as they fit.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">How many of them were taken before.</param>
    /// <param name="objectBytes">Most frame bytes; a first record always fits.</param>
    /// <returns>How many are taken now; less than there are when the object is full, or the rest is another log's.</returns>
    public int Append(RecordBatch batch, int from, long objectBytes)
    {
        var taken = 0;
        foreach (var record in batch)
        {
            if (taken >= from)
            {
                if (_writer.Frames > 0 && (_writer.FrameBytes + record.Frame.Length > objectBytes || record.Lsn.LogId != _writer.FirstLsn.LogId))
                {
                    return taken;
                }

                _writer.Append(record.Lsn, batch.First.SourceId, batch.First.SessionId, record.Frame);
            }

            taken++;
        }

        return taken;
    }

    public ArchiveObjectInfo Complete() => _writer.Complete();

    public void Dispose() => _writer.Dispose();
}
