namespace Mev.Sdk.Wire;

/// <summary>Scores where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct OpportunityScoresView
{
    private readonly ReadOnlySpan<OpportunityScoresMessage> _block;

    private OpportunityScoresView(Lsn lsn, ReadOnlySpan<OpportunityScoresMessage> block, ReadOnlySpan<OpportunityScore> scores, ReadOnlySpan<byte> modelVersion)
    {
        Lsn = lsn;
        _block = block;
        Scores = scores;
        ModelVersion = modelVersion;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly OpportunityScoresMessage Message => ref _block[0];

    /// <summary>The scores.</summary>
    public ReadOnlySpan<OpportunityScore> Scores { get; }

    /// <summary>The model's version in UTF-8.</summary>
    public ReadOnlySpan<byte> ModelVersion { get; }

    /// <summary>Looks at a frame.</summary>
    /// <param name="record">A checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out OpportunityScoresView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<OpportunityScoresMessage>(out var block)
            || !body.TryGroup<OpportunityScore>(out var scores)
            || !body.TryData(out var modelVersion))
        {
            return false;
        }

        view = new OpportunityScoresView(record.Lsn, block, scores, modelVersion);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="scores">Number of scores.</param>
    /// <param name="modelVersionBytes">Bytes of modelVersion.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int scores, int modelVersionBytes) => FrameSize.Of<OpportunityScoresMessage>().WithGroup<OpportunityScore>(scores).WithData(modelVersionBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="message">The fixed block.</param>
    /// <param name="scores">The scores.</param>
    /// <param name="modelVersion">The model's version in UTF-8.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in OpportunityScoresMessage message, ReadOnlySpan<OpportunityScore> scores, ReadOnlySpan<byte> modelVersion)
    {
        var writer = FrameWriter.Begin(destination, in message);
        writer.Group(scores);
        writer.Data(modelVersion);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
