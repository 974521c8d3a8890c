using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Refuses what could not be read back.</summary>
internal static class BatchChecks
{
    /// <exception cref="ArgumentException">The batch has no LSNs.</exception>
    /// <exception cref="BatchRefusedException">The batch has another number of frames than it says, a malformed or too long one, or is too long itself.</exception>
    public static void ThrowIfUnreadable(RecordBatch batch)
    {
        if (batch.FirstLsn == Lsn.None)
        {
            throw new ArgumentException("The batch has no LSNs: it goes through the sequencer first.", nameof(batch));
        }

        if (batch.ByteCount > Array.MaxLength)
        {
            throw new BatchRefusedException($"The batch has {batch.ByteCount} bytes, the journal takes {Array.MaxLength} at once: deliver it in parts.");
        }

        var count = 0;
        foreach (var chunk in batch.Chunks)
        {
            var rest = chunk.Span;
            var reader = new FrameReader(BlockHeader.MaxRawBytes);
            while (!rest.IsEmpty)
            {
                var status = reader.TryRead(ref rest, out var frame);
                if (status != FrameStatus.Done)
                {
                    throw new BatchRefusedException(
                        $"Record {count} of the batch is not a whole frame of at most {BlockHeader.MaxRawBytes} bytes: "
                        + (status == FrameStatus.Malformed ? reader.ToException().Message : "it is cut off."));
                }

                // A record's place is told by its frame alone once it is archived: the two must agree.
                var (said, place) = (MemoryMarshal.Read<FrameHeader>(frame).Sequence, batch.First.Sequence + (ulong)count);
                if (said != place)
                {
                    throw new BatchRefusedException($"Record {count} of the batch has sequence {said}, its place in the batch says {place}: deliver records of consecutive sequences, or stamp them anew.");
                }

                count++;
            }
        }

        if (count != batch.Count)
        {
            throw new BatchRefusedException($"The batch says {batch.Count} records and holds {count}.");
        }
    }
}
