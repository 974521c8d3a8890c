using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A slot record where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct SlotView
{
    private readonly ReadOnlySpan<SlotRecord> _block;

    private SlotView(Lsn lsn, ReadOnlySpan<SlotRecord> block)
    {
        Lsn = lsn;
        _block = block;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly SlotRecord Record => ref _block[0];

    /// <summary>Looks at a record.</summary>
    /// <param name="record">A record of a checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out SlotView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<SlotRecord>(out var block))
        {
            return false;
        }

        view = new SlotView(record.Lsn, block);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength() => FrameSize.Of<SlotRecord>().Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="record">The fixed block.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in SlotRecord record)
    {
        var writer = FrameWriter.Begin(destination, in record);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
