using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas.Ingest;

/// <summary>From bytes in memory to fields that code can use, beside two serializers.</summary>
internal static class DecodeMeasures
{
    private const string Protobuf = "Google.Protobuf";
    private const string MemoryPack = "MemoryPack";
    private const string Work = "all sides fold every field and every byte; ours checks each frame's CRC-32C, the peer has none to check";

    public static IEnumerable<Measure> Run(byte[] source, string origin)
    {
        var small = TransactionSet.OneSwapEach(source, SmallFrames.Bytes, SmallFrames.Count);
        var note = $"{small.Count} transactions of {origin}, cut to one swap and the first bytes of their wire: frames of {small.FrameBytes} B, messages of {small.MessageBytes} B (protobuf) and {small.PackBytes} B (MemoryPack); an object for each message; {Work}";
        yield return Decode("ingest.decode.protobuf", small, Protobuf, () => ProtobufFold.Of(small.Messages), note);
        yield return Decode("ingest.decode.memorypack", small, MemoryPack, () => MemoryPackFold.Of(small.Packs), note);
        yield return Allocated(small, note);

        var block = TransactionSet.Whole(source);
        note = $"{block.Count} whole transactions of {origin} with wire and meta: frames of {block.FrameBytes} B, messages of {block.MessageBytes} B (protobuf) and {block.PackBytes} B (MemoryPack) on average; ";
        yield return Decode("ingest.decode.block.protobuf", block, Protobuf, () => ProtobufFold.Reusing(block.Messages), $"{note}one message, cleared and merged into; its byte strings are the library's to make; {Work}");
        var reused = new TransactionPack?[block.Count];
        yield return Decode("ingest.decode.block.memorypack", block, MemoryPack, () => MemoryPackFold.Reusing(block.Packs, reused), $"{note}deserialised by ref into the objects of the pass before, whose arrays have the right lengths: the peer allocates nothing; {Work}");
    }

    private static Measure Decode(string name, TransactionSet set, string peerName, Func<ulong> peer, string note)
    {
        var (ours, theirs) = Duel.Nanoseconds(() => FrameFold.Of(set.Frames), peer);
        return new Measure
        {
            Name = name,
            Value = 1000 * set.Count / ours,
            Unit = "Mframe/s",
            Peer = peerName,
            PeerValue = 1000 * set.Count / theirs,
            Note = note,
        };
    }

    private static Measure Allocated(TransactionSet set, string note) => new()
    {
        Name = "ingest.decode.alloc",
        Value = (double)Duel.AllocatedBytes(() => FrameFold.Of(set.Frames)) / set.Count,
        Unit = "B/frame",
        LessIsBetter = true,
        Peer = Protobuf,
        PeerValue = (double)Duel.AllocatedBytes(() => ProtobufFold.Of(set.Messages)) / set.Count,
        Note = note,
    };
}
