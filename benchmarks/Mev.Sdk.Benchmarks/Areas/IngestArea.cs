using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas;

/// <summary>From bytes in memory to fields that code can use.</summary>
internal sealed class IngestArea : IArea
{
    private const int SmallFrameBytes = 504;
    private const int SmallFrameCount = 2000;
    private const string Work = "both sides fold every field and every byte; ours checks each frame's CRC-32C, the peer has none to check";

    public string Name => "ingest";

    public IEnumerable<Measure> Run()
    {
        var (source, origin) = FrameSource.Load();
        var small = TransactionSet.OneSwapEach(source, SmallFrameBytes, SmallFrameCount);
        var smallNote = $"{small.Count} transactions of {origin}, cut to one swap and the first bytes of their wire: frames of {small.FrameBytes} B, messages of {small.MessageBytes} B; {Work}";
        yield return Decode("ingest.decode.protobuf", small, smallNote);
        yield return Allocated("ingest.decode.alloc", small, smallNote);

        var whole = TransactionSet.Whole(source);
        yield return Decode("ingest.decode.protobuf.whole", whole, $"{whole.Count} whole transactions of {origin} with wire and meta: frames of {whole.FrameBytes} B, messages of {whole.MessageBytes} B on average; {Work}");
    }

    private static Measure Decode(string name, TransactionSet set, string note)
    {
        var (ours, peer) = Duel.Nanoseconds(() => TransactionFolds.Ours(set.Frames), () => TransactionFolds.Protobuf(set.Messages));
        return new Measure
        {
            Name = name,
            Value = 1000 * set.Count / ours,
            Unit = "Mframe/s",
            Peer = "Google.Protobuf",
            PeerValue = 1000 * set.Count / peer,
            Note = note,
        };
    }

    private static Measure Allocated(string name, TransactionSet set, string note) => new()
    {
        Name = name,
        Value = (double)Duel.AllocatedBytes(() => TransactionFolds.Ours(set.Frames)) / set.Count,
        Unit = "B/frame",
        LessIsBetter = true,
        Peer = "Google.Protobuf",
        PeerValue = (double)Duel.AllocatedBytes(() => TransactionFolds.Protobuf(set.Messages)) / set.Count,
        Note = note,
    };
}
