using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas;

/// <summary>What a chain source does with what a node sends.</summary>
internal static class ChainMeasures
{
    public static IEnumerable<Measure> Run()
    {
        if (BlockJson.Compact() is { } json)
        {
            using var work = new BlockJsonWork(json);
            var (ours, peer) = Duel.Nanoseconds(work.Ours, work.Walk, sameFold: false);
            yield return new Measure
            {
                Name = "solana.json",
                Value = 1000.0 * work.Bytes / ours,
                Unit = "MB/s",
                Peer = "bare Utf8JsonReader walk",
                PeerValue = 1000.0 * work.Bytes / peer,
                Note = $"real mainnet block, compact JSON of {work.Bytes} bytes with {work.Transactions} transactions to {work.FrameBytes} bytes of frames with wire, meta, swaps and checksum",
            };
        }

        var (frames, note) = FrameSource.Load();
        using var geyser = new GeyserWork(frames);
        var (mine, theirs) = Duel.Nanoseconds(geyser.Ours, geyser.Peer);
        yield return new Measure
        {
            Name = "solana.yellowstone",
            Value = 1e6 * geyser.Count / mine,
            Unit = "ktransaction/s",
            Peer = "Grpc.Net.Client with generated classes, dropped",
            PeerValue = 1e6 * geyser.Count / theirs,
            Note = $"{note}; {geyser.Count} updates of {geyser.Bytes / geyser.Count} bytes from memory through Grpc.Net.Client on both sides; ours makes frames with swaps and checksum",
        };
    }
}
