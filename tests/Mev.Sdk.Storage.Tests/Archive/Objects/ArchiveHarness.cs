using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Tests.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>Short ways to write and read archive objects.</summary>
internal static class ArchiveHarness
{
    public static bool IsLong => Environment.GetEnvironmentVariable("MEV_LONG") == "1";

    /// <summary>The smallest blocks that there are, so that few records make many of them.</summary>
    public static ArchiveWriterOptions Small => new() { RootBytes = 64 << 10, LeafBytes = 8 << 10 };

    /// <summary>Transactions of every shape, metrics between them; LSNs with gaps, two sources, residuals beside some.</summary>
    public static List<ArchivedRecord> Records(int seed, int count, ulong firstLsn = 1)
    {
        var transactions = new GeneratedTransactions(seed);
        var random = new Random(seed);
        var records = new List<ArchivedRecord>();
        var lsn = firstLsn;
        var source = 7u;
        for (var number = 1UL; records.Count < count; number++)
        {
            var frame = random.Next(5) == 0 ? TestRecords.Metric(number) : transactions.Frame(number);
            FrameWriter.Stamp(frame, number, random.Next(3) == 0 ? 0 : 1_700_000_000_000_000_000 + (number * 1000));
            source = random.Next(50) == 0 ? (uint)random.Next(5) : source;
            var residual = new byte[random.Next(6) == 0 ? random.Next(40) : 0];
            random.NextBytes(residual);
            records.Add(new ArchivedRecord(new Lsn(lsn), source, 99, frame, residual));
            lsn += random.Next(30) == 0 ? (ulong)random.Next(2, 1000) : 1;
        }

        return records;
    }

    public static byte[] Write(IEnumerable<ArchivedRecord> records, out ArchiveObjectInfo info, ArchiveWriterOptions? options = null)
    {
        using var stream = new MemoryStream();
        using var writer = new ArchiveWriter(stream, options ?? Small);
        foreach (var record in records)
        {
            writer.Append(record.Lsn, record.Source, record.Session, record.Frame, record.Residual);
        }

        info = writer.Complete();
        return stream.ToArray();
    }

    public static async Task<ArchiveObject> WriteAndOpenAsync(MemoryBlobStore store, IEnumerable<ArchivedRecord> records, ArchiveWriterOptions? options = null, ArchiveKeys? keys = null)
    {
        var bytes = Write(records, out var info, options);
        var name = ArchiveNames.Of(info.FirstLsn, info.LastLsn);
        store[name] = bytes;
        return await ArchiveObject.OpenAsync(store, name, keys, cancellationToken: TestContext.Current.CancellationToken);
    }

    public static async Task<List<ArchivedRecord>> CollectAsync(this IAsyncEnumerable<ArchiveBatch> batches)
    {
        var found = new List<ArchivedRecord>();
        await foreach (var batch in batches)
        {
            Collect(batch, found);
            batch.Release();
        }

        return found;
    }

    public static async Task<List<StoredRecord>> CollectAsync(this IAsyncEnumerable<RecordBatch> batches)
    {
        var found = new List<StoredRecord>();
        await foreach (var batch in batches)
        {
            JournalHarness.Collect(batch, found);
            batch.Release();
        }

        return found;
    }

    public static void AssertSame(IReadOnlyList<ArchivedRecord> expected, IReadOnlyList<ArchivedRecord> found)
    {
        Assert.Equal(expected.Count, found.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal((expected[i].Lsn, expected[i].Source, expected[i].Session), (found[i].Lsn, found[i].Source, found[i].Session));
            Assert.True(expected[i].Frame.AsSpan().SequenceEqual(found[i].Frame), $"Record {i} is another one.");
            Assert.True(expected[i].Residual.AsSpan().SequenceEqual(found[i].Residual), $"The residual of record {i} is another one.");
        }
    }

    private static void Collect(ArchiveBatch batch, List<ArchivedRecord> into)
    {
        var index = 0;
        foreach (var record in batch.Records)
        {
            Assert.Equal(batch.Records.First.Sequence + (ulong)index, MemoryMarshal.Read<FrameHeader>(record.Frame).Sequence);
            into.Add(new ArchivedRecord(record.Lsn, batch.Records.First.SourceId, batch.Records.First.SessionId, record.Frame.ToArray(), batch.GetResidual(index++).ToArray()));
        }
    }
}
