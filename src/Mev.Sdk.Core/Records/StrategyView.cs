using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A strategy record where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct StrategyView
{
    private readonly ReadOnlySpan<StrategyRecord> _block;

    private StrategyView(Lsn lsn, ReadOnlySpan<StrategyRecord> block, ReadOnlySpan<byte> name, ReadOnlySpan<byte> parameters)
    {
        Lsn = lsn;
        _block = block;
        Name = name;
        Parameters = parameters;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly StrategyRecord Record => ref _block[0];

    /// <summary>Its name in UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Parameters in force, a JSON object in UTF-8, or empty.</summary>
    public ReadOnlySpan<byte> Parameters { get; }

    /// <summary>Looks at a frame.</summary>
    /// <param name="record">A checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out StrategyView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<StrategyRecord>(out var block)
            || !body.TryData(out var name)
            || !body.TryData(out var parameters))
        {
            return false;
        }

        view = new StrategyView(record.Lsn, block, name, parameters);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="nameBytes">Bytes of name.</param>
    /// <param name="parametersBytes">Bytes of parameters.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int nameBytes, int parametersBytes) => FrameSize.Of<StrategyRecord>().WithData(nameBytes).WithData(parametersBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="record">The fixed block.</param>
    /// <param name="name">Its name in UTF-8.</param>
    /// <param name="parameters">Parameters in force, a JSON object in UTF-8, or empty.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in StrategyRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> parameters)
    {
        var writer = FrameWriter.Begin(destination, in record);
        writer.Data(name);
        writer.Data(parameters);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
