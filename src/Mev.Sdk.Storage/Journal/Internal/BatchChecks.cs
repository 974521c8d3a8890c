using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Refuses what could not be read back.</summary>
internal static class BatchChecks
{
    /// <exception cref="ArgumentException">The batch has no LSNs, another number of frames than it says, or a malformed one.</exception>
    public static void ThrowIfUnreadable(RecordBatch batch)
    {
        if (batch.FirstLsn == Lsn.None)
        {
            throw new ArgumentException("The batch has no LSNs: it goes through the sequencer first.", nameof(batch));
        }

        var count = 0;
        foreach (var chunk in batch.Chunks)
        {
            var rest = chunk.Span;
            var reader = new FrameReader(BlockHeader.MaxRawBytes);
            while (!rest.IsEmpty)
            {
                var status = reader.TryRead(ref rest, out _);
                if (status != FrameStatus.Done)
                {
                    throw new ArgumentException(
                        $"Record {count} of the batch is not a whole frame: {(status == FrameStatus.Malformed ? reader.ToException().Message : "it is cut off.")}",
                        nameof(batch));
                }

                count++;
            }
        }

        if (count != batch.Count)
        {
            throw new ArgumentException($"The batch says {batch.Count} records and holds {count}.", nameof(batch));
        }
    }
}
