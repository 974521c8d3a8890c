using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>An account record where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct AccountView
{
    private readonly ReadOnlySpan<AccountRecord> _block;

    private AccountView(Lsn lsn, ReadOnlySpan<AccountRecord> block, ReadOnlySpan<byte> data)
    {
        Lsn = lsn;
        _block = block;
        Data = data;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly AccountRecord Record => ref _block[0];

    /// <summary>The account's bytes; empty when they were not asked for.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Looks at a frame.</summary>
    /// <param name="record">A checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out AccountView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<AccountRecord>(out var block)
            || !body.TryData(out var data))
        {
            return false;
        }

        view = new AccountView(record.Lsn, block, data);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="dataBytes">Bytes of data.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int dataBytes) => FrameSize.Of<AccountRecord>().WithData(dataBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="record">The fixed block.</param>
    /// <param name="data">The account's bytes; empty when they were not asked for.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in AccountRecord record, ReadOnlySpan<byte> data)
    {
        var writer = FrameWriter.Begin(destination, in record);
        writer.Data(data);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
