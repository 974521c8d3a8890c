using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Storage.Tiers;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Storage.DuckDb.Tests;

/// <summary>A database that was lost is built again from archive and journal, and is the one that it was, by count and hash.</summary>
public sealed class RestoreTests : IDisposable
{
    private const long MaxBytes = 128 << 10;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Database_is_the_same_again_when_the_journal_has_forgotten_its_beginning()
    {
        using var blobs = new FolderBlobStore(_folder.Combine("archive"));
        await using var journal = RecordJournal.Open(new JournalOptions
        {
            Directory = _folder.Combine("journal"),
            CommitInterval = TimeSpan.FromMilliseconds(5),
            BlockBytes = 8 << 10,
            SegmentBytes = 64 << 10,
            BufferBytes = 64 << 10,
            Retention = { MaxBytes = MaxBytes },
        });
        using var sealer = new ArchiveSealer(journal, blobs, new ArchiveOptions { SpoolDirectory = _folder.Combine("spool") });
        journal.AddRetentionHold(sealer);
        var frames = new HistoryFrames(3, new Lsn(1));
        await WriteAsync(journal, frames.Next(3_000));

        using var original = Store("original");
        var before = await HistoryRestore.RunAsync(journal, original, options: new ProjectorOptions { BatchRecords = 700 }, cancellationToken: Cancellation);
        Assert.Equal((3_000, new Lsn(3_000), new Lsn(3_000)), (before.Records, before.Checkpoint, before.Last));
        var noted = HistoryManifest.Parse((await HistoryManifest.TakeAsync(original, before.Checkpoint, cancellationToken: Cancellation)).ToJson());
        Assert.True(noted.Rows > 1_000);

        // What was archived is forgotten; more comes.
        await sealer.SealAsync(Cancellation);
        await WriteAsync(journal, frames.Next(200));
        await Poll.UntilAsync(() => journal.Statistics.StoredBytes <= MaxBytes + (64 << 10));
        Assert.True(journal.Statistics.RemovedSegments > 0);
        Assert.NotEmpty(noted.Compare(await TakeAsync(journal, "journal alone", noted.Checkpoint)));

        using var restored = Store("restored");
        var log = new ArchivedLog(new ArchiveSet(blobs), journal);
        var told = new List<RestoreProgress>();
        await HistoryRestore.RunAsync(log, restored, noted.Checkpoint, new ProjectorOptions { BatchRecords = 777 }, new Told(told), Cancellation);
        Assert.True(told.Count > 1);
        Assert.Equal(noted.Checkpoint, told[^1].Checkpoint);
        Assert.Empty(noted.Compare(await HistoryManifest.TakeAsync(restored, noted.Checkpoint, cancellationToken: Cancellation)));

        // It goes on behind that, as the original does.
        var rest = await HistoryRestore.RunAsync(log, restored, cancellationToken: Cancellation);
        Assert.Equal((200, new Lsn(3_200)), (rest.Records, rest.Checkpoint));
        await HistoryRestore.RunAsync(log, original, cancellationToken: Cancellation);
        var now = await HistoryManifest.TakeAsync(original, rest.Checkpoint, cancellationToken: Cancellation);
        Assert.Empty(now.Compare(await HistoryManifest.TakeAsync(restored, rest.Checkpoint, cancellationToken: Cancellation)));

        Assert.Contains(noted.Compare(now), static line => line.Contains("at the same record", StringComparison.Ordinal));
        Assert.Contains(noted.Compare(now), static line => line.StartsWith("transactions slot-0: ", StringComparison.Ordinal));
        var refused = await Assert.ThrowsAsync<InvalidDataException>(async () => await HistoryRestore.RunAsync(log, restored, noted.Checkpoint, cancellationToken: Cancellation));
        Assert.Contains("restore into an empty one", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("""{"version":2,"checkpoint":1,"entries":[]}""", "its version is 2")]
    [InlineData("""{"version":1,"checkpoint":1,"entries":[{"table":"slots","partition":"day-1","rows":1,"sum":"0"}]}""", "'day-1' is no partition")]
    [InlineData("""{"version":1,"checkpoint":1,"entries":[{"table":"slots","partition":"slot-1","rows":1,"sum":"x"}]}""", "cannot be read")]
    [InlineData("""{"version":1,"checkpoint":1,"entries":[{"table":"slots","partition":"slot-1","rows":1,"sum":"0"},{"table":"slots","partition":"slot-1","rows":1,"sum":"0"}]}""", "twice")]
    public void Manifest_that_is_none_is_refused(string json, string reason)
    {
        var e = Assert.Throws<InvalidDataException>(() => HistoryManifest.Parse(System.Text.Encoding.UTF8.GetBytes(json)));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(RecordJournal journal, byte[][] frames)
    {
        foreach (var some in frames.Chunk(50))
        {
            var batch = TestRecords.Batch(some, journal.NextLsn, journal.NextLsn.Value);
            await journal.WriteAsync(batch, Cancellation);
            batch.Release();
        }

        await journal.FlushAsync(Cancellation);
    }

    private async Task<HistoryManifest> TakeAsync(RecordJournal journal, string name, Lsn to)
    {
        using var store = Store(name);
        var done = await HistoryRestore.RunAsync(journal, store, to, cancellationToken: Cancellation);
        return await HistoryManifest.TakeAsync(store, done.Checkpoint, cancellationToken: Cancellation);
    }

    private DuckDbStore Store(string name) => new(new DuckDbOptions { Path = _folder.Combine(name + ".duckdb") });

    private sealed class Told(List<RestoreProgress> told) : IProgress<RestoreProgress>
    {
        public void Report(RestoreProgress value) => told.Add(value);
    }
}
