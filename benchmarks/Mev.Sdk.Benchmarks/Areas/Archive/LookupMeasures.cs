using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Scorecard;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.S3;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Areas.Archive;

/// <summary>How long it takes to get one transaction out of a million by its signature.</summary>
internal static class LookupMeasures
{
    private const int WarmUps = 200;
    private const int Lookups = 1000;
    private const int Misses = 300;

    public static IEnumerable<Measure> Run(ArchiveInput block, ArchiveInput diverse)
    {
        var cloner = new TransactionCloner([block, diverse]);
        using var archive = new LookupArchive(cloner);
        var built = string.Create(
            CultureInfo.InvariantCulture,
            $"{LookupArchive.Transactions} transactions made of {cloner.Models} real ones with fresh signatures and payers, {archive.FrameBytes} B of frames, in {LookupArchive.Objects} objects of together {archive.Bytes} B, built in {archive.BuildTime.TotalSeconds:F0} s");
        yield return MeasureAsync("archive.lookup.folder", archive.Store, archive.Samples, $"{built}; files in the page cache").GetAwaiter().GetResult();

        using var server = new S3TestServer();
        using var bucket = new S3BlobStore(server.Options);
        CopyAsync(archive.Store, bucket).GetAwaiter().GetResult();
        yield return MeasureAsync("archive.lookup.s3", bucket, archive.Samples, "the same objects in a bucket of Ceph's RADOS gateway on this machine, in memory, no TLS").GetAwaiter().GetResult();
    }

    private static async Task CopyAsync(FolderBlobStore from, S3BlobStore to)
    {
        await foreach (var info in from.ListAsync("").ConfigureAwait(false))
        {
            var bytes = new byte[info.Length];
            await from.ReadAsync(info.Name, 0, bytes).ConfigureAwait(false);
            using var content = new MemoryStream(bytes);
            await to.WriteAsync(info.Name, content, BlobCondition.IfAbsent).ConfigureAwait(false);
        }
    }

    private static async Task<Measure> MeasureAsync(string name, IBlobStore store, Signature[] samples, string note)
    {
        var counted = new CountingBlobStore(store);
        var random = new Random(1);
        random.Shuffle(samples);

        // Nothing known: the listing, an object's end, its root decoded, the block.
        var started = Stopwatch.GetTimestamp();
        await FindAsync(new ArchiveSet(counted), samples[0], wanted: 1).ConfigureAwait(false);
        var (coldMilliseconds, coldRequests) = (Stopwatch.GetElapsedTime(started).TotalMilliseconds, counted.Requests);

        var set = new ArchiveSet(counted);
        for (var i = 0; i < WarmUps; i++)
        {
            await FindAsync(set, samples[^(i + 1)], wanted: 1).ConfigureAwait(false);
        }

        var (times, mostRequests) = (new double[Lookups], 0);
        var (requestsBefore, bytesBefore) = (counted.Requests, counted.ReadBytes);
        var processorBefore = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Lookups; i++)
        {
            var before = counted.Requests;
            started = Stopwatch.GetTimestamp();
            await FindAsync(set, samples[i % (samples.Length - WarmUps)], wanted: 1).ConfigureAwait(false);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            mostRequests = Math.Max(mostRequests, counted.Requests - before);
        }

        var (requests, bytes) = ((counted.Requests - requestsBefore) / (double)Lookups, (counted.ReadBytes - bytesBefore) / Lookups);
        var processor = (Environment.CpuUsage.TotalTime - processorBefore).TotalMilliseconds / Lookups;
        requestsBefore = counted.Requests;
        for (var i = 0; i < Misses; i++)
        {
            await FindAsync(set, new Signature(RandomNumberGenerator.GetBytes(Signature.Size)), wanted: 0).ConfigureAwait(false);
        }

        Array.Sort(times);
        return new Measure
        {
            Name = name,
            Value = times[Lookups / 2],
            Unit = "ms, p50",
            LessIsBetter = true,
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"p99 {times[Lookups * 99 / 100]:F2} ms, wall clock, one after the other, {Lookups} lookups of different signatures, each answer checked, objects open; {processor:F2} ms of processor time each, checking included. Requests a lookup: {requests:F2} on average, {mostRequests} at most, {bytes} B; of a signature that is not there {(counted.Requests - requestsBefore) / (double)Misses:F3}. With nothing known yet, listing included: {coldMilliseconds:F0} ms and {coldRequests} requests. {note}"),
        };
    }

    private static async Task FindAsync(ArchiveSet set, Signature signature, int wanted)
    {
        var found = 0;
        await foreach (var batch in set.FindAsync(signature).ConfigureAwait(false))
        {
            foreach (var record in batch)
            {
                found += MemoryMarshal.AsRef<TransactionRecord>(record.Frame[FrameHeader.Size..]).Signature == signature ? 1 : 100;
            }

            batch.Release();
        }

        if (found != wanted)
        {
            throw new InvalidOperationException($"A lookup of {signature} found {found} records, not {wanted}.");
        }
    }
}
