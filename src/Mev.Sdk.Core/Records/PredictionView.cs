using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A prediction record where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct PredictionView
{
    private readonly ReadOnlySpan<PredictionRecord> _block;

    private PredictionView(Lsn lsn, ReadOnlySpan<PredictionRecord> block, ReadOnlySpan<ScoreEntry> scores, ReadOnlySpan<byte> modelVersion)
    {
        Lsn = lsn;
        _block = block;
        Scores = scores;
        ModelVersion = modelVersion;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly PredictionRecord Record => ref _block[0];

    /// <summary>The scores given.</summary>
    public ReadOnlySpan<ScoreEntry> Scores { get; }

    /// <summary>The model's version in UTF-8.</summary>
    public ReadOnlySpan<byte> ModelVersion { get; }

    /// <summary>Looks at a record.</summary>
    /// <param name="record">A record of a checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out PredictionView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<PredictionRecord>(out var block)
            || !body.TryGroup<ScoreEntry>(out var scores)
            || !body.TryData(out var modelVersion))
        {
            return false;
        }

        view = new PredictionView(record.Lsn, block, scores, modelVersion);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="scores">Number of scores given.</param>
    /// <param name="modelVersionBytes">Bytes of modelVersion.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int scores, int modelVersionBytes) => FrameSize.Of<PredictionRecord>().WithGroup<ScoreEntry>(scores).WithData(modelVersionBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="record">The fixed block.</param>
    /// <param name="scores">The scores given.</param>
    /// <param name="modelVersion">The model's version in UTF-8.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in PredictionRecord record, ReadOnlySpan<ScoreEntry> scores, ReadOnlySpan<byte> modelVersion)
    {
        var writer = FrameWriter.Begin(destination, in record);
        writer.Group(scores);
        writer.Data(modelVersion);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
