using System.Diagnostics;
using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>A million transactions archived in a folder, and some of their signatures.</summary>
/// <remarks>MEV_LOOKUP_TRANSACTIONS sets another number, for a quick look; notes say how many there were.</remarks>
internal sealed class LookupArchive : IDisposable
{
    public static int Transactions { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("MEV_LOOKUP_TRANSACTIONS"), System.Globalization.CultureInfo.InvariantCulture, out var stated) ? Math.Max(stated, 4000) : 1_000_000;

    /// <summary>Objects: as many as a day's archive has for so many transactions, but one for each core.</summary>
    public const int Objects = 2;

    private const int Samplings = 2000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mev-lookup-");

    public LookupArchive(TransactionCloner cloner)
    {
        try
        {
            Store = new FolderBlobStore(Path.Combine(_folder.FullName, "archive"));
            var started = Stopwatch.GetTimestamp();
            var parts = new Part[Objects];

            // Threads, not the pool: they compute for minutes.
            var threads = Enumerable.Range(0, Objects).Select(i => new Thread(() => parts[i] = Write(cloner, i))).ToList();
            threads.ForEach(static thread => thread.Start());
            threads.ForEach(static thread => thread.Join());
            if (parts.FirstOrDefault(static part => part.Failure is not null).Failure is { } failure)
            {
                throw new InvalidOperationException($"The archive for lookups could not be built: {failure.Message}", failure);
            }

            Samples = [.. parts.SelectMany(static part => part.Samples)];
            (Bytes, FrameBytes, BuildTime) = (parts.Sum(static part => part.Info!.Length), parts.Sum(static part => part.Info!.FrameBytes), Stopwatch.GetElapsedTime(started));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public FolderBlobStore Store { get; }

    /// <summary>Signatures of some transactions, from everywhere.</summary>
    public Signature[] Samples { get; }

    public long Bytes { get; }

    public long FrameBytes { get; }

    public TimeSpan BuildTime { get; }

    public void Dispose()
    {
        Store?.Dispose();
        _folder.Delete(recursive: true);
    }

    private Part Write(TransactionCloner cloner, int part)
    {
        try
        {
            var each = Transactions / Objects;
            var sampleEvery = Math.Max(1, Transactions / Samplings);
            var path = Path.Combine(_folder.FullName, $"object-{part}");
            var random = new Random(part + 1);
            var buffer = new byte[1 << 16];
            var samples = new List<Signature>();
            ArchiveObjectInfo info;
            using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                using var writer = new ArchiveWriter(file);
                for (var number = part * each; number < (part + 1) * each; number++)
                {
                    var length = cloner.Make(number, random, ref buffer, out var residual);
                    writer.Append(new Lsn((ulong)number + 1), 1, 1, buffer.AsSpan(0, length), residual);
                    if (number % sampleEvery == 0)
                    {
                        samples.Add(MemoryMarshal.AsRef<TransactionRecord>(buffer.AsSpan(FrameHeader.Size)).Signature);
                    }
                }

                info = writer.Complete();
                file.Position = 0;
                Store.WriteAsync(ArchiveNames.Of(info.FirstLsn, info.LastLsn), file, BlobCondition.IfAbsent).AsTask().GetAwaiter().GetResult();
            }

            File.Delete(path);
            return new Part([.. samples], info, null);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ArgumentException)
        {
            return new Part([], null, e);
        }
    }

    private readonly record struct Part(Signature[] Samples, ArchiveObjectInfo? Info, Exception? Failure);
}
