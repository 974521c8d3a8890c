using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A transaction record where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct TransactionView
{
    private readonly ReadOnlySpan<TransactionRecord> _block;

    private TransactionView(Lsn lsn, ReadOnlySpan<TransactionRecord> block, ReadOnlySpan<SwapEntry> swaps, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta)
    {
        Lsn = lsn;
        _block = block;
        Swaps = swaps;
        Wire = wire;
        Meta = meta;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly TransactionRecord Record => ref _block[0];

    /// <summary>The swaps executed.</summary>
    public ReadOnlySpan<SwapEntry> Swaps { get; }

    /// <summary>The transaction's bytes as the network carries them; empty with <see cref="TransactionFlags.WireMissing"/>.</summary>
    public ReadOnlySpan<byte> Wire { get; }

    /// <summary>The status meta as ConfirmedBlock protobuf; empty without <see cref="TransactionFlags.HasMeta"/>.</summary>
    public ReadOnlySpan<byte> Meta { get; }

    /// <summary>Looks at a record.</summary>
    /// <param name="record">A record of a checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out TransactionView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<TransactionRecord>(out var block)
            || !body.TryGroup<SwapEntry>(out var swaps)
            || !body.TryData(out var wire)
            || !body.TryData(out var meta))
        {
            return false;
        }

        view = new TransactionView(record.Lsn, block, swaps, wire, meta);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="swaps">Number of swaps executed.</param>
    /// <param name="wireBytes">Bytes of wire.</param>
    /// <param name="metaBytes">Bytes of meta.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int swaps, int wireBytes, int metaBytes) => FrameSize.Of<TransactionRecord>().WithGroup<SwapEntry>(swaps).WithData(wireBytes).WithData(metaBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="record">The fixed block.</param>
    /// <param name="swaps">The swaps executed.</param>
    /// <param name="wire">The transaction's bytes as the network carries them; empty with <see cref="TransactionFlags.WireMissing"/>.</param>
    /// <param name="meta">The status meta as ConfirmedBlock protobuf; empty without <see cref="TransactionFlags.HasMeta"/>.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in TransactionRecord record, ReadOnlySpan<SwapEntry> swaps, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta)
    {
        var writer = FrameWriter.Begin(destination, in record);
        writer.Group(swaps);
        writer.Data(wire);
        writer.Data(meta);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
