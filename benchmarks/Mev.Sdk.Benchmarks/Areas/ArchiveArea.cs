using System.Globalization;
using Mev.Sdk.Benchmarks.Areas.Archive;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Scorecard;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Benchmarks.Areas;

/// <summary>What keeping transactions for years costs in bytes and in time.</summary>
internal sealed class ArchiveArea : IArea
{
    private const int ZstdLevel = 19;
    private const int Warmups = 10;
    private const int Rounds = 9;
    private const double MegaByte = 1e6;

    public string Name => "archive";

    public IEnumerable<Measure> Run()
    {
        if (ArchiveInput.Block() is not { } block || ArchiveInput.Diverse() is not { } diverse)
        {
            throw new InvalidOperationException("The archive area measures real transactions, and they are in neither MEV_DATA_DIR nor ../shared/data.");
        }

        yield return Size("archive.block", block);
        yield return Size("archive.diverse", diverse);
        yield return WarmMeasures.Run(block, diverse);
        foreach (var (set, input) in ((string, ArchiveInput)[])[("block", block), ("diverse", diverse)])
        {
            var archived = ArchiveObjectSize.Of(input);
            foreach (var measure in StoreMeasures.Run(set, input, archived, string.Create(CultureInfo.InvariantCulture, $"Archive: a whole object of {archived} B, header, index of signatures and directory included, empty key dictionary.")))
            {
                yield return measure;
            }
        }

        var builder = new BlockBuilder();
        yield return Speed("archive.encode", block, "frames to a block, decoded again and compared", () => Build(builder, block));
        var made = Build(new BlockBuilder(), block);
        var decoder = new BlockCodec(encodes: false);
        yield return Speed("archive.decode", block, "a block to frames", () => Decode(decoder, made));
        foreach (var measure in LookupMeasures.Run(block, diverse))
        {
            yield return measure;
        }
    }

    private static Measure Size(string name, ArchiveInput input)
    {
        using var zstd = new ZstdSharp.Compressor(ZstdLevel);
        var compressed = zstd.Wrap(input.Json).Length;
        var archived = ArchiveObjectSize.Of(input);
        return new Measure
        {
            Name = name,
            Value = (double)input.Json.Length / archived,
            Unit = "JSON bytes/archived byte",
            Peer = "zstd -19",
            PeerValue = (double)input.Json.Length / compressed,
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"denominator on both sides: {input.Frames.Count} transactions as compact JSON, one a line, {input.Json.Length} B. Archive: one whole object of {archived} B (header, block of {Build(new BlockBuilder(), input).Length} B, indexes, directory, trailer), empty key dictionary, holding whole frames (record, swaps, wire, meta: {input.FrameBytes} B) and what the JSON has beyond them. zstd: {compressed} B. Where the bytes go: {Streams(input)}"),
        };
    }

    private static string Streams(ArchiveInput input)
    {
        var codec = new BlockCodec(encodes: true) { CountsCosts = true };
        codec.BeginEncoding();
        for (var i = 0; i < input.Frames.Count; i++)
        {
            codec.Add((ulong)i + 1, 1, 1, input.Frames[i].Frame, input.Frames[i].Residual);
        }

        var costs = codec.Costs.ToArray();
        return string.Join(", ", Enumerable.Range(0, costs.Length).Where(i => costs[i] >= 8).OrderByDescending(i => costs[i])
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{(StreamKind)i} {costs[i] / 8:F0}")));
    }

    // The median of the thread's own time: what else the machine does is not the codec's.
    private static Measure Speed(string name, ArchiveInput input, string what, Func<byte[]> run)
    {
        for (var i = 0; i < Warmups; i++)
        {
            run();
        }

        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            var start = ThreadClock.Nanoseconds();
            run();
            times[i] = ThreadClock.Nanoseconds() - start;
        }

        Array.Sort(times);
        var seconds = times[Rounds / 2] / 1e9;
        return new Measure
        {
            Name = name,
            Value = input.Json.Length / MegaByte / seconds,
            Unit = "MB of JSON/s",
            Note = string.Create(CultureInfo.InvariantCulture, $"{what}; the block's {input.Frames.Count} transactions, {input.Json.Length} B as JSON, {input.Frames.Count / seconds:F0} transactions/s, one core, median of {Rounds} rounds"),
        };
    }

    private static byte[] Build(BlockBuilder builder, ArchiveInput input)
    {
        for (var i = 0; i < input.Frames.Count; i++)
        {
            builder.Add((ulong)i + 1, 1, 1, input.Frames[i].Frame, input.Frames[i].Residual);
        }

        return builder.Build().ToArray();
    }

    private static byte[] Decode(BlockCodec decoder, byte[] block)
    {
        decoder.BeginDecoding(block);
        while (decoder.Next())
        {
        }

        return block;
    }
}
