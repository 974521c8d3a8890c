using System.Diagnostics;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Objects;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>Objects that were changed in any way: the right records, or a clear error.</summary>
public sealed class ArchiveMutationTests
{
    private const string Name = "objects/a";

    private readonly MemoryBlobStore _store = new();
    private readonly DecoderPool _decoders = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mutated_objects_give_the_right_records_or_a_clear_error()
    {
        // Ten minutes are the most that this may take; how far it came is told.
        var limit = TimeSpan.FromMinutes(10);
        var runs = (ArchiveHarness.IsLong ? 1_000_000 : 1500) / Environment.ProcessorCount;
        var done = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(seed => Task.Run(() => new ArchiveMutationTests().RunAsync(seed, runs, limit))));
        TestContext.Current.TestOutputHelper?.WriteLine($"{done.Sum(static d => d.Runs)} mutated objects; {done.Sum(static d => d.Whole)} were read to their end.");
        Assert.All(done, static d => Assert.True(d.Runs > 0 && d.Whole < d.Runs, "No mutation was ever noticed."));
    }

    // Mostly the smallest objects, a root and nothing else; of eight one with leaves.
    private async Task<(int Runs, int Whole)> RunAsync(int seed, int runs, TimeSpan limit)
    {
        List<List<ArchivedRecord>> originals = [.. Enumerable.Range(0, 7).Select(static i => ArchiveHarness.Records(i, 1 + i)), ArchiveHarness.Records(7, 12)];
        var objects = originals.ConvertAll(static records => ArchiveHarness.Write(records, out _, new ArchiveWriterOptions { RootBytes = records.Count < 10 ? 1 << 20 : 4 << 10, LeafBytes = 4 << 10 }));
        var random = new Random(seed);
        var stopwatch = Stopwatch.StartNew();
        var (run, whole) = (0, 0);
        for (; run < runs && stopwatch.Elapsed < limit; run++)
        {
            var which = random.Next(objects.Count);
            _store[Name] = Mutate(objects, which, random);
            whole += await ReadsOnlyWhatWasWrittenAsync(originals[which]) ? 1 : 0;
        }

        return (run, whole);
    }

    private static byte[] Mutate(List<byte[]> objects, int which, Random random)
    {
        var bytes = (byte[])objects[which].Clone();
        var other = objects[random.Next(objects.Count)];
        switch (random.Next(6))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                // A piece of another object, or of this one, at another place.
                var length = random.Next(1, Math.Min(bytes.Length, other.Length));
                other.AsSpan(random.Next(other.Length - length + 1), length).CopyTo(bytes.AsSpan(random.Next(bytes.Length - length + 1)));
                return bytes;
            case 2:
                // The end of another object behind the beginning of this one.
                var cut = random.Next(bytes.Length);
                return [.. bytes[..cut], .. other[Math.Min(other.Length, random.Next(other.Length))..]];
            case 3:
                bytes.AsSpan(random.Next(bytes.Length)).Clear();
                return bytes;
            default:
                for (var flips = random.Next(1, 5); flips > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
        }
    }

    // Every record that comes is one that was written; true when all came without any error.
    private async Task<bool> ReadsOnlyWhatWasWrittenAsync(List<ArchivedRecord> records)
    {
        var byLsn = records.ToDictionary(static r => r.Lsn);
        try
        {
            // Each with a cache of its own, which knows nothing of the object as it was.
            var cache = new ReaderCache(new ArchiveReaderOptions(), _decoders);
            var archived = new ArchiveObject(await ObjectFile.OpenAsync(_store, Name, _store[Name].Length, 0, null, cache, Cancellation));
            var damages = 0;
            var found = await archived.ReadArchivedAsync(options: new ArchiveReadOptions { OnDamage = _ => damages++ }, cancellationToken: Cancellation).CollectAsync();
            foreach (var record in found)
            {
                ArchiveHarness.AssertSame([byLsn[record.Lsn]], [record]);
            }

            Assert.True(damages > 0 || found.Count == records.Count, "Records are missing, and nothing was said.");
            var signatures = TransactionSignatures.Of(records[^1].Frame);
            if (!signatures.IsEmpty)
            {
                foreach (var record in await archived.FindArchivedAsync(signatures[0], Cancellation).CollectAsync())
                {
                    ArchiveHarness.AssertSame([byLsn[record.Lsn]], [record]);
                }
            }

            return damages == 0;
        }
        catch (InvalidDataException refused)
        {
            Assert.Contains(Name, refused.Message, StringComparison.Ordinal);
            return false;
        }
    }
}
