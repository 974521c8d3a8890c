using System.Globalization;
using System.Net;
using Mev.Sdk.Benchmarks.Children;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas.Ingest;

/// <summary>From another process's publisher through a socket to a sink.</summary>
internal static class StreamMeasures
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(1000);

    public static IEnumerable<Measure> Run(byte[] source, string origin)
    {
        var set = TransactionSet.OneSwapEach(source, SmallFrames.Bytes, SmallFrames.Count);
        var folder = Directory.CreateTempSubdirectory("mev-stream-");
        try
        {
            var frames = Path.Combine(folder.FullName, "frames");
            File.WriteAllBytes(frames, set.Frames);
            using var generator = ChildProcess.StartSelf(PublisherChild.Name, frames, "tcp://127.0.0.1:0", $"unix://{folder.FullName}/engine.sock");
            var tcp = generator.ReadLine();
            var unix = generator.ReadLine();
            var note = $"{set.Count} frames of {set.FrameBytes} B of {origin}, again and again, published by another process as fast as they are taken; ours checks every CRC-32C, finds gaps, sequences, and gives batches to a sink that counts";
            yield return Tcp(generator, tcp, set.FrameBytes, note);
            yield return Transport("ingest.unix", generator, unix, tcp, note);
            yield return SlowConsumerMeasure.Run(tcp);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Measure Tcp(ChildProcess generator, string endpoint, int frameBytes, string note)
    {
        var address = IPEndPoint.Parse(new Uri(endpoint).Authority);
        var load = new LoadMeter(generator);
        var (ours, peer) = Duel.Rates(
            () => load.During(() => StreamReceiver.RecordsPerSecond(endpoint, WarmUp, Round)),
            () => BareSocket.BytesPerSecond(address, WarmUp, Round) / frameBytes);
        return Of("ingest.tcp", ours, peer, "bare socket loop", $"{note}. The peer reads the same publisher's bytes into one buffer and looks at none. {load}");
    }

    private static Measure Transport(string name, ChildProcess generator, string endpoint, string tcp, string note)
    {
        var load = new LoadMeter(generator);
        var (ours, peer) = Duel.Rates(
            () => load.During(() => StreamReceiver.RecordsPerSecond(endpoint, WarmUp, Round)),
            () => StreamReceiver.RecordsPerSecond(tcp, WarmUp, Round));
        return Of(name, ours, peer, "our TCP", string.Create(CultureInfo.InvariantCulture, $"{note}. The peer is the same over TCP. {load}"));
    }

    private static Measure Of(string name, double ours, double peer, string peerName, string note) => new()
    {
        Name = name,
        Value = ours / 1e6,
        Unit = "Mframe/s",
        Peer = peerName,
        PeerValue = peer / 1e6,
        Note = note,
    };
}
