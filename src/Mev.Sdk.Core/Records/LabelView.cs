using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A label record where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct LabelView
{
    private readonly ReadOnlySpan<LabelRecord> _block;

    private LabelView(Lsn lsn, ReadOnlySpan<LabelRecord> block, ReadOnlySpan<LabelLeg> legs, ReadOnlySpan<byte> evidence)
    {
        Lsn = lsn;
        _block = block;
        Legs = legs;
        Evidence = evidence;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly LabelRecord Record => ref _block[0];

    /// <summary>The legs.</summary>
    public ReadOnlySpan<LabelLeg> Legs { get; }

    /// <summary>A JSON object in UTF-8.</summary>
    public ReadOnlySpan<byte> Evidence { get; }

    /// <summary>Looks at a frame.</summary>
    /// <param name="record">A checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out LabelView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<LabelRecord>(out var block)
            || !body.TryGroup<LabelLeg>(out var legs)
            || !body.TryData(out var evidence))
        {
            return false;
        }

        view = new LabelView(record.Lsn, block, legs, evidence);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="legs">Number of legs.</param>
    /// <param name="evidenceBytes">Bytes of evidence.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int legs, int evidenceBytes) => FrameSize.Of<LabelRecord>().WithGroup<LabelLeg>(legs).WithData(evidenceBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="record">The fixed block.</param>
    /// <param name="legs">The legs.</param>
    /// <param name="evidence">A JSON object in UTF-8.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in LabelRecord record, ReadOnlySpan<LabelLeg> legs, ReadOnlySpan<byte> evidence)
    {
        var writer = FrameWriter.Begin(destination, in record);
        writer.Group(legs);
        writer.Data(evidence);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
