using System.Globalization;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas;

/// <summary>What keeping everything costs in bytes, how fast each store takes rows, and how soon it answers.</summary>
internal sealed class StorageArea : IArea
{
    private const int ZstdLevel = 19;

    // All, unless MEV_STORAGE_ENGINES names some, for a quick look.
    private static readonly string[]? Engines = Environment.GetEnvironmentVariable("MEV_STORAGE_ENGINES")?.Split(',');

    public string Name => "storage";

    public IEnumerable<Measure> Run()
    {
        if (ChainFiles.Block is not { } path)
        {
            throw new InvalidOperationException($"storage.journal.ratio compares with a real block's JSON, and {ChainFiles.BlockName} is in neither MEV_DATA_DIR nor ../shared/data.");
        }

        var json = BlockJson.CompactLines(path);
        using var zstd = new ZstdSharp.Compressor(ZstdLevel);
        var compressed = zstd.Wrap(json).Length;
        var journal = JournalSize.Of(FrameSource.Load().Frames);
        yield return new Measure
        {
            Name = "storage.journal.ratio",
            Value = (double)json.Length / journal.StoredBytes,
            Unit = "JSON bytes/stored byte",
            Peer = "zstd -19",
            PeerValue = (double)json.Length / compressed,
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"denominator on both sides: the block as compact JSON, one transaction a line, {json.Length} B. Journal: {journal.StoredBytes} B on disk with headers and index, default options (LZ4), holding wire, meta as protobuf and the decoded fields, {journal.RawBytes} B as frames; it can be read by record and appended to. zstd: {compressed} B, one stream over the whole JSON, ZstdSharp level {ZstdLevel}"),
        };
        var block = ArchiveInput.Block()!;
        foreach (var (engine, run) in (IEnumerable<(string, Func<IEnumerable<Measure>>)>)
            [
                ("duckdb", () => Storage.HistoryQuestionMeasures.Run().Concat(Storage.DuckDbMeasures.Run(block))),
                ("postgres", () => Storage.PostgresMeasures.Run(block)),
                ("clickhouse", () => Storage.ClickHouseMeasures.Run(block)),
                ("archive", () => [Storage.ColdLookup.RunAsync(block).GetAwaiter().GetResult()]),
            ])
        {
            if (Engines?.Contains(engine, StringComparer.Ordinal) == false)
            {
                continue;
            }

            foreach (var measure in run())
            {
                yield return measure;
            }
        }
    }
}
