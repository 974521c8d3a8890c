using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;
using MemoryPack;
using Mev.Sdk.Benchmarks.Peers;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>The same transactions as frames, protobuf messages and MemoryPack messages, all pre-encoded in memory.</summary>
internal sealed class TransactionSet
{
    private const ulong EngineTime = 1_724_000_000_000_000_000;

    private TransactionSet(byte[] frames, byte[] messages, byte[] packs, int count)
    {
        Frames = frames;
        Messages = messages;
        Packs = packs;
        Count = count;
    }

    /// <summary>Our frames, one behind the other.</summary>
    public byte[] Frames { get; }

    /// <summary>Protobuf messages, each behind its length as 4 bytes little-endian.</summary>
    public byte[] Messages { get; }

    /// <summary>MemoryPack messages, each behind its length as 4 bytes little-endian.</summary>
    public byte[] Packs { get; }

    /// <summary>Transactions on each side.</summary>
    public int Count { get; }

    /// <summary>Bytes of a frame on average.</summary>
    public int FrameBytes => Frames.Length / Count;

    /// <summary>Bytes of a message on average, without its length.</summary>
    public int MessageBytes => (Messages.Length / Count) - sizeof(int);

    /// <summary>Bytes of a MemoryPack message on average, without its length.</summary>
    public int PackBytes => (Packs.Length / Count) - sizeof(int);

    /// <summary>Encodes every transaction among some frames whole.</summary>
    /// <param name="source">Frames, one behind the other; other records are left out.</param>
    public static TransactionSet Whole(ReadOnlySpan<byte> source) => Encode(source, bytesOfFrame: null, count: int.MaxValue);

    /// <summary>Encodes transactions with their first swap alone and with as much of their wire as makes the frame this long, going round as often as needed.</summary>
    /// <param name="source">Frames, one behind the other; transactions without a swap are left out.</param>
    /// <param name="bytesOfFrame">Bytes of each frame, a multiple of 8.</param>
    /// <param name="count">Transactions wanted.</param>
    public static TransactionSet OneSwapEach(ReadOnlySpan<byte> source, int bytesOfFrame, int count) => Encode(source, bytesOfFrame, count);

    private static TransactionSet Encode(ReadOnlySpan<byte> source, int? bytesOfFrame, int count)
    {
        var frames = new ArrayBufferWriter<byte>();
        var messages = new ArrayBufferWriter<byte>();
        var packs = new ArrayBufferWriter<byte>();
        var written = 0;
        do
        {
            var before = written;
            var rest = source;
            var reader = new FrameReader();
            while (written < count && reader.TryRead(ref rest, out var frame) == FrameStatus.Done)
            {
                var record = new RecordView(Lsn.None, frame);
                if (!TransactionView.TryRead(in record, out var transaction) || (bytesOfFrame is not null && transaction.Swaps.IsEmpty))
                {
                    continue;
                }

                var swaps = transaction.Swaps;
                var wire = transaction.Wire;
                var meta = transaction.Meta;
                if (bytesOfFrame is { } wanted)
                {
                    swaps = swaps[..1];
                    meta = default;
                    wire = wire[..Math.Min(wire.Length, wanted - TransactionView.GetFrameLength(1, 0, 0))];
                }

                written++;
                WriteFrame(frames, (ulong)written, in transaction.Record, swaps, wire, meta);
                WriteMessage(messages, (ulong)written, in transaction.Record, swaps, wire, meta);
                WritePack(packs, (ulong)written, in transaction.Record, swaps, wire, meta);
            }

            if (written == before)
            {
                throw new InvalidOperationException("The benchmark's data holds no transaction of the kind it needs.");
            }
        }
        while (bytesOfFrame is not null && written < count);

        return new TransactionSet(frames.WrittenSpan.ToArray(), messages.WrittenSpan.ToArray(), packs.WrittenSpan.ToArray(), written);
    }

    private static void WriteFrame(ArrayBufferWriter<byte> output, ulong sequence, in TransactionRecord record, ReadOnlySpan<SwapEntry> swaps, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta)
    {
        var span = output.GetSpan(TransactionView.GetFrameLength(swaps.Length, wire.Length, meta.Length));
        var length = TransactionView.Write(span, EngineTime, in record, swaps, wire, meta);
        FrameWriter.Stamp(span[..length], sequence, EngineTime);
        output.Advance(length);
    }

    private static void WriteMessage(ArrayBufferWriter<byte> output, ulong sequence, in TransactionRecord record, ReadOnlySpan<SwapEntry> swaps, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta)
    {
        var message = TransactionMessages.From(sequence, EngineTime, in record, swaps, wire, meta);
        var length = message.CalculateSize();
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), length);
        output.Advance(sizeof(int));
        message.WriteTo(output.GetSpan(length)[..length]);
        output.Advance(length);
    }

    private static void WritePack(ArrayBufferWriter<byte> output, ulong sequence, in TransactionRecord record, ReadOnlySpan<SwapEntry> swaps, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta)
    {
        var pack = MemoryPackSerializer.Serialize(TransactionPack.From(sequence, EngineTime, in record, swaps, wire, meta));
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), pack.Length);
        output.Advance(sizeof(int));
        output.Write(pack);
    }
}
