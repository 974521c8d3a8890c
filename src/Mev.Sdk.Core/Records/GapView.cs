using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A gap record where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct GapView
{
    private readonly ReadOnlySpan<GapRecord> _block;

    private GapView(Lsn lsn, ReadOnlySpan<GapRecord> block, ReadOnlySpan<byte> reason)
    {
        Lsn = lsn;
        _block = block;
        Reason = reason;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly GapRecord Record => ref _block[0];

    /// <summary>Words in UTF-8, or empty.</summary>
    public ReadOnlySpan<byte> Reason { get; }

    /// <summary>Looks at a frame.</summary>
    /// <param name="record">A checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out GapView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<GapRecord>(out var block)
            || !body.TryData(out var reason))
        {
            return false;
        }

        view = new GapView(record.Lsn, block, reason);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="reasonBytes">Bytes of reason.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int reasonBytes) => FrameSize.Of<GapRecord>().WithData(reasonBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="record">The fixed block.</param>
    /// <param name="reason">Words in UTF-8, or empty.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in GapRecord record, ReadOnlySpan<byte> reason)
    {
        var writer = FrameWriter.Begin(destination, in record);
        writer.Data(reason);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
