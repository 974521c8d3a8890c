using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A opportunity record where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct OpportunityView
{
    private readonly ReadOnlySpan<OpportunityRecord> _block;

    private OpportunityView(Lsn lsn, ReadOnlySpan<OpportunityRecord> block, ReadOnlySpan<byte> metadata)
    {
        Lsn = lsn;
        _block = block;
        Metadata = metadata;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly OpportunityRecord Record => ref _block[0];

    /// <summary>A JSON object in UTF-8, or empty.</summary>
    public ReadOnlySpan<byte> Metadata { get; }

    /// <summary>Looks at a record.</summary>
    /// <param name="record">A record of a checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out OpportunityView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<OpportunityRecord>(out var block)
            || !body.TryData(out var metadata))
        {
            return false;
        }

        view = new OpportunityView(record.Lsn, block, metadata);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="metadataBytes">Bytes of metadata.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int metadataBytes) => FrameSize.Of<OpportunityRecord>().WithData(metadataBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="record">The fixed block.</param>
    /// <param name="metadata">A JSON object in UTF-8, or empty.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in OpportunityRecord record, ReadOnlySpan<byte> metadata)
    {
        var writer = FrameWriter.Begin(destination, in record);
        writer.Data(metadata);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
