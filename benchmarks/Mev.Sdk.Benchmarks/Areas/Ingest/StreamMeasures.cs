using System.Net;
using Mev.Sdk.Benchmarks.Children;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas.Ingest;

/// <summary>From another process's publisher through a socket to a sink.</summary>
internal static class StreamMeasures
{
    private const string AnyTcp = "tcp://127.0.0.1:0";
    private const string Work = "ours checks every CRC-32C, finds gaps, sequences, and gives batches to a sink that counts";
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
            var native = LoadGenerator.TryStartNative(folder.FullName, set.FrameBytes, AnyTcp, out var why);
            using (var generator = native ?? LoadGenerator.StartManaged(frames, AnyTcp))
            {
                yield return Tcp(generator, set.FrameBytes, native is null ? $" (instead of the C++ one: {why})" : "");
            }

            var note = $"{set.Count} frames of {set.FrameBytes} B of {origin}, again and again, published by the .NET publisher in another process as fast as they are taken; {Work}. The peer is the same over TCP";
            using (var generator = LoadGenerator.StartManaged(frames, AnyTcp, $"unix://{folder.FullName}/engine.sock"))
            {
                var (tcp, unix) = (generator.Endpoints[0], generator.Endpoints[1]);
                yield return OverTcp("ingest.unix", generator, () => StreamReceiver.RecordsPerSecond(unix, WarmUp, Round), tcp, note);
                yield return WebSocket(frames, tcp, note);
                yield return SlowConsumerMeasure.Run(tcp);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Measure Tcp(LoadGenerator generator, int frameBytes, string instead)
    {
        var endpoint = generator.Endpoints[0];
        var address = IPEndPoint.Parse(new Uri(endpoint).Authority);
        var load = new LoadMeter(generator.Process);
        var (ours, peer) = Duel.Rates(
            () => load.During(() => StreamReceiver.RecordsPerSecond(endpoint, WarmUp, Round)),
            () => BareSocket.BytesPerSecond(address, WarmUp, Round) / frameBytes);
        return Of("ingest.tcp", ours, peer, "bare socket loop", $"frames of {frameBytes} B, published by {generator.Kind}{instead} in another process as fast as they are taken; {Work}. The peer reads the same publisher's bytes into one buffer and looks at none. {load}");
    }

    // Each side has a generator of its own: one that served both would wait for the one that is held back.
    private static Measure WebSocket(string frames, string tcp, string note)
    {
        var host = new WebSocketHost(PublisherChild.EngineName);
        try
        {
            host.StartAsync().GetAwaiter().GetResult();
            using var generator = LoadGenerator.StartManaged(frames, host.Endpoint);
            return OverTcp("ingest.ws", generator, () => host.RecordsPerSecondAsync(WarmUp, Round).GetAwaiter().GetResult(), tcp, $"{note}. The engine dials the host's endpoint (Kestrel with AddEngineStreamBuffers, no TLS)");
        }
        finally
        {
            host.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static Measure OverTcp(string name, LoadGenerator generator, Func<double> ours, string tcp, string note)
    {
        var load = new LoadMeter(generator.Process);
        var (rate, peer) = Duel.Rates(() => load.During(ours), () => StreamReceiver.RecordsPerSecond(tcp, WarmUp, Round));
        return Of(name, rate, peer, "our TCP", $"{note}. {load}");
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
