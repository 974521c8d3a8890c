using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A node record where it stands, all parts bounded by its frame.</summary>
/// <remarks>Borrows the batch's memory: valid until the batch is released or the sink's write completes.</remarks>
public readonly ref struct NodeView
{
    private readonly ReadOnlySpan<NodeRecord> _block;

    private NodeView(Lsn lsn, ReadOnlySpan<NodeRecord> block, ReadOnlySpan<byte> name, ReadOnlySpan<byte> version, ReadOnlySpan<byte> addresses)
    {
        Lsn = lsn;
        _block = block;
        Name = name;
        Version = version;
        Addresses = addresses;
    }

    /// <summary>The record's LSN.</summary>
    public Lsn Lsn { get; }

    /// <summary>The fixed block in place.</summary>
    public ref readonly NodeRecord Record => ref _block[0];

    /// <summary>Endpoint or label in UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Software version in UTF-8, or empty.</summary>
    public ReadOnlySpan<byte> Version { get; }

    /// <summary>A JSON object in UTF-8 (gossip, tpu, rpc), or empty.</summary>
    public ReadOnlySpan<byte> Addresses { get; }

    /// <summary>Looks at a frame.</summary>
    /// <param name="record">A checked frame.</param>
    /// <param name="view">Its parts.</param>
    /// <returns>False when it is another message or its parts lead outside its frame.</returns>
    public static bool TryRead(in RecordView record, out NodeView view)
    {
        view = default;
        var body = new BodyReader(in record);
        if (!body.TryBlock<NodeRecord>(out var block)
            || !body.TryData(out var name)
            || !body.TryData(out var version)
            || !body.TryData(out var addresses))
        {
            return false;
        }

        view = new NodeView(record.Lsn, block, name, version, addresses);
        return true;
    }

    /// <summary>Length of a frame with parts of these sizes, in bytes.</summary>
    /// <param name="nameBytes">Bytes of name.</param>
    /// <param name="versionBytes">Bytes of version.</param>
    /// <param name="addressesBytes">Bytes of addresses.</param>
    /// <returns>The padded length.</returns>
    public static int GetFrameLength(int nameBytes, int versionBytes, int addressesBytes) => FrameSize.Of<NodeRecord>().WithData(nameBytes).WithData(versionBytes).WithData(addressesBytes).Total;

    /// <summary>Writes a whole frame, with sequence 0 until somebody stamps it.</summary>
    /// <param name="destination">At least <see cref="GetFrameLength"/> bytes.</param>
    /// <param name="engineTimeNanoseconds">Nanoseconds since the Unix epoch; 0 = unknown.</param>
    /// <param name="record">The fixed block.</param>
    /// <param name="name">Endpoint or label in UTF-8.</param>
    /// <param name="version">Software version in UTF-8, or empty.</param>
    /// <param name="addresses">A JSON object in UTF-8 (gossip, tpu, rpc), or empty.</param>
    /// <returns>The frame's length in bytes.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong engineTimeNanoseconds, in NodeRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> version, ReadOnlySpan<byte> addresses)
    {
        var writer = FrameWriter.Begin(destination, in record);
        writer.Data(name);
        writer.Data(version);
        writer.Data(addresses);
        return writer.Complete(sequence: 0, engineTimeNanoseconds);
    }
}
