using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>An audit record where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct AuditView
{
    private readonly ReadOnlySpan<AuditRecord> _block;

    private AuditView(Lsn lsn, ReadOnlySpan<AuditRecord> block, ReadOnlySpan<byte> actor, ReadOnlySpan<byte> action, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> detail)
    {
        Lsn = lsn;
        _block = block;
        Actor = actor;
        Action = action;
        Subject = subject;
        Detail = detail;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly AuditRecord Record => ref _block[0];

    /// <summary>Who, in UTF-8.</summary>
    public ReadOnlySpan<byte> Actor { get; }

    /// <summary>What, a stable word in UTF-8.</summary>
    public ReadOnlySpan<byte> Action { get; }

    /// <summary>On what, in UTF-8.</summary>
    public ReadOnlySpan<byte> Subject { get; }

    /// <summary>A JSON object in UTF-8, or empty.</summary>
    public ReadOnlySpan<byte> Detail { get; }

    /// <summary>Looks at a frame.</summary>
    /// <param name="record">A checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out AuditView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<AuditRecord>(out var block)
            || !body.TryData(out var actor)
            || !body.TryData(out var action)
            || !body.TryData(out var subject)
            || !body.TryData(out var detail))
        {
            return false;
        }

        view = new AuditView(record.Lsn, block, actor, action, subject, detail);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="actorBytes">Bytes of actor.</param>
    /// <param name="actionBytes">Bytes of action.</param>
    /// <param name="subjectBytes">Bytes of subject.</param>
    /// <param name="detailBytes">Bytes of detail.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int actorBytes, int actionBytes, int subjectBytes, int detailBytes) => FrameSize.Of<AuditRecord>().WithData(actorBytes).WithData(actionBytes).WithData(subjectBytes).WithData(detailBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="record">The fixed block.</param>
    /// <param name="actor">Who, in UTF-8.</param>
    /// <param name="action">What, a stable word in UTF-8.</param>
    /// <param name="subject">On what, in UTF-8.</param>
    /// <param name="detail">A JSON object in UTF-8, or empty.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in AuditRecord record, ReadOnlySpan<byte> actor, ReadOnlySpan<byte> action, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> detail)
    {
        var writer = FrameWriter.Begin(destination, in record);
        writer.Data(actor);
        writer.Data(action);
        writer.Data(subject);
        writer.Data(detail);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
