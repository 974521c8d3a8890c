using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A metric record where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct MetricView
{
    private readonly ReadOnlySpan<MetricRecord> _block;

    private MetricView(Lsn lsn, ReadOnlySpan<MetricRecord> block, ReadOnlySpan<byte> name, ReadOnlySpan<byte> tags)
    {
        Lsn = lsn;
        _block = block;
        Name = name;
        Tags = tags;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly MetricRecord Record => ref _block[0];

    /// <summary>The name in UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>A JSON object in UTF-8, or empty.</summary>
    public ReadOnlySpan<byte> Tags { get; }

    /// <summary>Looks at a record.</summary>
    /// <param name="record">A record of a checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out MetricView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<MetricRecord>(out var block)
            || !body.TryData(out var name)
            || !body.TryData(out var tags))
        {
            return false;
        }

        view = new MetricView(record.Lsn, block, name, tags);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="nameBytes">Bytes of name.</param>
    /// <param name="tagsBytes">Bytes of tags.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int nameBytes, int tagsBytes) => FrameSize.Of<MetricRecord>().WithData(nameBytes).WithData(tagsBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="record">The fixed block.</param>
    /// <param name="name">The name in UTF-8.</param>
    /// <param name="tags">A JSON object in UTF-8, or empty.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in MetricRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> tags)
    {
        var writer = FrameWriter.Begin(destination, in record);
        writer.Data(name);
        writer.Data(tags);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
