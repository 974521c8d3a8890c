using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>A record as it was found at the end of an archive, or in the log at that place.</summary>
internal sealed record LastRecord(Lsn Lsn, StreamPosition Position, byte[] Frame)
{
    /// <summary>The first record of a batch that is not before an LSN.</summary>
    public static LastRecord? Find(RecordBatch batch, Lsn from)
    {
        var sequence = batch.First.Sequence;
        foreach (var record in batch)
        {
            if (record.Lsn >= from)
            {
                return new LastRecord(record.Lsn, batch.First with { Sequence = sequence }, record.Frame.ToArray());
            }

            sequence++;
        }

        return null;
    }

    public bool IsSame(LastRecord other) => (Lsn, Position) == (other.Lsn, other.Position) && Frame.AsSpan().SequenceEqual(other.Frame);
}
