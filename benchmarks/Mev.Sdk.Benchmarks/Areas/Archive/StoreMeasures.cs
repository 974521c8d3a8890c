using System.Globalization;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers.Stores;
using Mev.Sdk.Benchmarks.Scorecard;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Areas.Archive;

/// <summary>The same transactions, without loss, in what a user could pick instead; and our size against other denominators than JSON.</summary>
internal static class StoreMeasures
{
    /// <summary>Measures one set.</summary>
    /// <param name="set">The last part of the measures' names.</param>
    /// <param name="input">The transactions.</param>
    /// <param name="archived">Bytes that the archive needs for them.</param>
    /// <param name="counted">What those bytes are.</param>
    public static IEnumerable<Measure> Run(string set, ArchiveInput input, long archived, string counted)
    {
        using (var staging = new StoreStaging(input))
        {
            foreach (var store in (IStore[])[new ParquetStore(), new DuckDbStoreFile(), new ClickHouseStore(), new PostgresStore()])
            {
                yield return Compare(set, input, archived, counted, staging, store);
            }
        }

        long wire = 0, rows = 0;
        foreach (var (frame, _) in input.Frames)
        {
            if (TransactionView.TryRead(new RecordView(Lsn.None, frame), out var view))
            {
                wire += view.Wire.Length;
                rows += TransactionRecord.Size + (view.Swaps.Length * SwapEntry.Size) + view.Wire.Length + view.Meta.Length;
            }
        }

        yield return Denominator("archive.wire." + set, wire, archived, "wire bytes/archived byte", $"the signed transactions as the network carries them; the archive holds their meta, records and JSON besides. {counted}");
        yield return Denominator("archive.row." + set, rows, archived, "row bytes/archived byte", $"fixed fields, swaps, wire and meta (protobuf) of each transaction, as an uncompressed row of binary columns holds them. {counted}");
    }

    private static Measure Compare(string set, ArchiveInput input, long archived, string counted, StoreStaging staging, IStore store)
    {
        var folder = Directory.CreateTempSubdirectory("mev-store-");
        var name = $"archive.{store.Name}.{set}";
        try
        {
            var size = store.Measure(staging, folder.FullName);
            return new Measure
            {
                Name = name,
                Value = archived,
                Unit = "B",
                Peer = store.Name,
                PeerValue = size.Bytes,
                LessIsBetter = true,
                Note = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{input.Frames.Count} transactions, on both sides enough to give the JSON back. {counted} Peer: {store.Product}; the smallest layout counts: {size.How}. Layouts, each behind 19 relational columns: json = the compact JSON; wire+meta = bytes, protobuf and the JSON's residual; fields = both cut into 13 columns; nested = cut into lists of every key, balance, instruction and log line. Bytes of all: {size.Tried}"),
            };
        }
        catch (Exception refused) when (refused is InvalidOperationException or IOException or DllNotFoundException or DuckDB.NET.Data.DuckDBException)
        {
            return new Measure { Name = name, Value = archived, Unit = "B", Note = $"the peer could not be measured here: {refused.Message.ReplaceLineEndings(" ")}. {counted}" };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Measure Denominator(string name, long bytes, long archived, string unit, string what) => new()
    {
        Name = name,
        Value = (double)bytes / archived,
        Unit = unit,
        Note = string.Create(CultureInfo.InvariantCulture, $"denominator: {bytes} B, {what}"),
    };
}
