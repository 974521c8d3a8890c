using System.Globalization;
using System.Security.Cryptography;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Storage.Tests.Journal;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>Objects of format version 1 that were written once and are committed: whatever changes, they stay readable.</summary>
/// <remarks>While version 1 is not published yet, <c>MEV_WRITE_SAMPLES=1</c> writes them anew; afterwards it never does again, and a change of the format is a version 2 with samples of its own.</remarks>
public sealed class ArchiveSampleTests
{
    private const string Manifest = "manifest.txt";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Samples_of_version_1_stay_readable()
    {
        var folder = Path.Combine(Root(), "tests", "golden", "archive-v1");
        if (Environment.GetEnvironmentVariable("MEV_WRITE_SAMPLES") == "1")
        {
            await WriteAsync(folder);
        }

        var store = Load(folder);
        using var keys = new ArchiveKeys(store, TestKeys.With(1));
        var archive = new ArchiveSet(store, keys);
        Assert.Empty((await archive.VerifyAsync(cancellationToken: Cancellation)).Damages);
        var expected = await File.ReadAllLinesAsync(Path.Combine(folder, Manifest), Cancellation);
        Assert.Equal(4, expected.Length);
        var found = new List<string>();
        foreach (var entry in archive.Objects)
        {
            var archived = await archive.OpenAsync(entry, Cancellation);
            var records = await archived.ReadArchivedAsync(cancellationToken: Cancellation).CollectAsync();
            found.Add(Describe(entry.Name, records));
            foreach (var record in records.Where(static (r, i) => i % 7 == 0 && !TransactionSignatures.Of(r.Frame).IsEmpty))
            {
                ArchiveHarness.AssertSame([record], await archived.FindArchivedAsync(TransactionSignatures.Of(record.Frame)[0], Cancellation).CollectAsync());
            }
        }

        Assert.Equal(expected, found);
    }

    private static string Describe(string name, List<ArchivedRecord> records)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var record in records)
        {
            hash.AppendData(System.Text.Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{record.Lsn.Value} {record.Source} {record.Session} {record.Frame.Length} {record.Residual.Length}\n")));
            hash.AppendData(record.Frame);
            hash.AppendData(record.Residual);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{name} {records.Count} {Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }

    // Leaves; a root alone; encrypted; leaning on a dictionary.
    private static async Task WriteAsync(string folder)
    {
        var store = new MemoryBlobStore();
        using var keys = new ArchiveKeys(store, TestKeys.With(1));
        var dictionary = KeyDictionary.Create([.. Enumerable.Range(1, 40).Select(static i => new Pubkey([.. Enumerable.Repeat((byte)i, Pubkey.Size)]))]);
        await dictionary.SaveAsync(store, Cancellation);
        var lines = new List<string>();
        Put(store, lines, 0, 120, new ArchiveWriterOptions { RootBytes = 32 << 10, LeafBytes = 8 << 10 });
        Put(store, lines, 1, 20, new ArchiveWriterOptions());
        Put(store, lines, 2, 120, new ArchiveWriterOptions { RootBytes = 32 << 10, LeafBytes = 8 << 10, Key = await keys.GetCurrentAsync(Cancellation) });
        Put(store, lines, 3, 60, new ArchiveWriterOptions { RootBytes = 32 << 10, LeafBytes = 8 << 10, Dictionary = dictionary });
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var name in store.Names)
        {
            var path = Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, store[name], Cancellation);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, Manifest), string.Join('\n', lines) + "\n", Cancellation);
    }

    private static void Put(MemoryBlobStore store, List<string> lines, ushort logId, int count, ArchiveWriterOptions options)
    {
        var records = ArchiveHarness.Records(100 + logId, count, Lsn.Create(logId, 1).Value);
        var name = ArchiveNames.Of(records[0].Lsn, records[^1].Lsn);
        store[name] = ArchiveHarness.Write(records, out _, options);
        lines.Add(Describe(name, records));
    }

    private static MemoryBlobStore Load(string folder)
    {
        var store = new MemoryBlobStore();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            store[Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')] = File.ReadAllBytes(path);
        }

        return store;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
