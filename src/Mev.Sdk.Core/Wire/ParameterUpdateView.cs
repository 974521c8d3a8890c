namespace Mev.Sdk.Wire;

/// <summary>A parameter update where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct ParameterUpdateView
{
    private readonly ReadOnlySpan<ParameterUpdateMessage> _block;

    private ParameterUpdateView(Lsn lsn, ReadOnlySpan<ParameterUpdateMessage> block, ReadOnlySpan<byte> parameters)
    {
        Lsn = lsn;
        _block = block;
        Parameters = parameters;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly ParameterUpdateMessage Message => ref _block[0];

    /// <summary>The parameters, a JSON object in UTF-8.</summary>
    public ReadOnlySpan<byte> Parameters { get; }

    /// <summary>Looks at a frame.</summary>
    /// <param name="record">A checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out ParameterUpdateView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<ParameterUpdateMessage>(out var block)
            || !body.TryData(out var parameters))
        {
            return false;
        }

        view = new ParameterUpdateView(record.Lsn, block, parameters);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="parametersBytes">Bytes of parameters.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int parametersBytes) => FrameSize.Of<ParameterUpdateMessage>().WithData(parametersBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="message">The fixed block.</param>
    /// <param name="parameters">The parameters, a JSON object in UTF-8.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in ParameterUpdateMessage message, ReadOnlySpan<byte> parameters)
    {
        var writer = FrameWriter.Begin(destination, in message);
        writer.Data(parameters);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
