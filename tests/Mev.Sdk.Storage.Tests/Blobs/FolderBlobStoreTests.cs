using Mev.Sdk.Storage.Blobs;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Storage.Tests.Blobs;

public sealed class FolderBlobStoreTests : BlobStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<FolderBlobStore> _stores = [];

    public void Dispose()
    {
        _stores.ForEach(static store => store.Dispose());
        _folder.Dispose();
    }

    protected override IBlobStore Open() => Folder();

    [Fact]
    public async Task Folder_that_is_not_there_is_an_empty_store_until_something_is_written()
    {
        var store = Folder("not/yet");
        Assert.Empty(await ListAsync(store, ""));
        Assert.Null(await store.GetInfoAsync("a", Token));
        Assert.False(await store.DeleteAsync("a", BlobCondition.None, Token));
        Assert.False(Directory.Exists(store.FullPath));
        await store.WriteAsync("a", Stream([1], seeks: true), BlobCondition.None, Token);
        Assert.Equal(["a"], await ListAsync(store, ""));
    }

    [Fact]
    public async Task Files_and_folders_belong_to_this_user_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");
        var store = Folder();
        await store.WriteAsync("a/b", Stream([1], seeks: true), BlobCondition.None, Token);
        await store.WriteAsync("a/c", Stream([1], seeks: true), BlobCondition.IfAbsent, Token);
#pragma warning disable CA1416 // skipped above
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(store.FullPath, "a/b")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(store.FullPath, "a/c")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(store.FullPath, "a")));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task Open_removes_what_a_crash_left_and_nothing_that_is_being_written()
    {
        var first = Folder();
        using var holds = new HeldStream();
        var writing = first.WriteAsync("slow", holds, BlobCondition.None, Token).AsTask();
        await holds.Reached;
        var staged = Path.Combine(first.FullPath, ".staged");
        var (live, left, young) = (Assert.Single(Directory.GetFiles(staged)), Path.Combine(staged, "left"), Path.Combine(staged, "young"));
        await File.WriteAllTextAsync(left, "half a blob", Token);
        await File.WriteAllTextAsync(young, "half a blob", Token);
        var longAgo = DateTime.UnixEpoch.AddYears(40);
        File.SetLastWriteTimeUtc(left, longAgo);
        File.SetLastWriteTimeUtc(live, longAgo);

        var second = Folder();
        Assert.Equal([live, young], Directory.GetFiles(staged).Order(StringComparer.Ordinal).OrderBy(path => path == young));
        Assert.Empty(await ListAsync(second, ""));
        holds.GoOn();
        await writing;
        Assert.Equal(["slow"], await ListAsync(second, ""));
        Assert.Equal([young], Directory.GetFiles(staged));
    }

    [Fact]
    public async Task Store_that_writes_for_long_cleans_up_too()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var store = Folder(time: time);
        await store.WriteAsync("a", Stream([1], seeks: true), BlobCondition.None, Token);
        var left = Path.Combine(store.FullPath, ".staged", "left");
        await File.WriteAllTextAsync(left, "half a blob", Token);
        File.SetLastWriteTimeUtc(left, DateTime.UnixEpoch);
        await store.WriteAsync("b", Stream([1], seeks: true), BlobCondition.None, Token);
        Assert.True(File.Exists(left));
        time.Advance(TimeSpan.FromMinutes(11));
        await store.WriteAsync("c", Stream([1], seeks: true), BlobCondition.None, Token);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task Tag_changes_with_every_write_even_when_the_clock_stands_still_or_goes_back()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50)) { AutoAdvanceAmount = TimeSpan.Zero };
        var store = Folder(time: time);
        var tags = new HashSet<string>();
        for (var i = 0; i < 50; i++)
        {
            Assert.True(tags.Add((await store.WriteAsync("a", Stream([1], seeks: true), BlobCondition.None, Token)).ETag));
        }

        var earlier = Folder(time: new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(20)));
        var written = await earlier.WriteAsync("a", Stream([1], seeks: true), BlobCondition.None, Token);
        Assert.True(tags.Add(written.ETag));
        Assert.Equal(written, await store.GetInfoAsync("a", Token));
    }

    [Fact]
    public async Task Links_are_neither_followed_nor_listed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        var store = Folder("store");
        await store.WriteAsync("a/b", Stream([1], seeks: true), BlobCondition.None, Token);
        var outside = Directory.CreateDirectory(_folder.Combine("outside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "secret", Token);
        File.CreateSymbolicLink(Path.Combine(store.FullPath, "a", "link"), Path.Combine(outside, "secret"));
        Directory.CreateSymbolicLink(Path.Combine(store.FullPath, "folder"), outside);

        Assert.Equal(["a/b"], await ListAsync(store, ""));
        Assert.Empty(await ListAsync(store, "folder/"));
        foreach (var name in new[] { "a/link", "folder/secret", "folder/new" })
        {
            var refused = await Assert.ThrowsAsync<IOException>(async () => await store.ReadAsync(name, 0, new byte[1], Token));
            Assert.Contains("is a link", refused.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<IOException>(async () => await store.GetInfoAsync(name, Token));
            await Assert.ThrowsAsync<IOException>(async () => await store.WriteAsync(name, Stream([2], seeks: true), BlobCondition.None, Token));
            await Assert.ThrowsAsync<IOException>(async () => await store.DeleteAsync(name, BlobCondition.None, Token));
        }

        Assert.Equal("secret", await File.ReadAllTextAsync(Path.Combine(outside, "secret"), Token));
        Assert.Single(Directory.GetFiles(outside));
    }

    [Fact]
    public async Task Name_that_is_the_folder_of_another_is_refused()
    {
        var store = Folder();
        await store.WriteAsync("a/b", Stream([1], seeks: true), BlobCondition.None, Token);
        foreach (var condition in new[] { BlobCondition.None, BlobCondition.IfAbsent })
        {
            var refused = await Assert.ThrowsAsync<IOException>(async () => await store.WriteAsync("a", Stream([1], seeks: true), condition, Token));
            Assert.Contains("is a folder", refused.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<IOException>(async () => await store.WriteAsync("a/b/c", Stream([1], seeks: true), condition, Token));
        }

        Assert.Null(await store.GetInfoAsync("a", Token));
        Assert.Null(await store.GetInfoAsync("a/b/c", Token));
        Assert.False(await store.DeleteAsync("a", BlobCondition.None, Token));
        await Assert.ThrowsAsync<BlobNotFoundException>(async () => await store.ReadAsync("a", 0, new byte[1], Token));
        await Assert.ThrowsAsync<BlobNotFoundException>(async () => await store.ReadAsync("a/b/c", 0, new byte[1], Token));
        Assert.Equal(["a/b"], await ListAsync(store, ""));
        Assert.Empty(Directory.GetFiles(Path.Combine(store.FullPath, ".staged")));
    }

    [Fact]
    public async Task Write_comes_back_when_somebody_removes_the_folders_meanwhile()
    {
        var store = Folder("gone");
        await store.WriteAsync("a/b", Stream([1], seeks: true), BlobCondition.None, Token);
        Directory.Delete(store.FullPath, recursive: true);
        await store.WriteAsync("a/c", Stream([1], seeks: true), BlobCondition.None, Token);
        Assert.Equal(["a/c"], await ListAsync(store, ""));
    }

    [Fact]
    public async Task Write_whose_temporary_file_was_taken_away_says_so()
    {
        var store = Folder();
        using var holds = new HeldStream();
        var writing = store.WriteAsync("slow", holds, BlobCondition.IfAbsent, Token).AsTask();
        await holds.Reached;
        File.Delete(Assert.Single(Directory.GetFiles(Path.Combine(store.FullPath, ".staged"))));
        holds.GoOn();
        var failed = await Assert.ThrowsAsync<IOException>(() => writing);
        Assert.Contains("'slow' cannot be written", failed.Message, StringComparison.Ordinal);
        Assert.Empty(await ListAsync(store, ""));
    }

    [Fact]
    public async Task Foreign_files_are_not_listed()
    {
        var store = Folder();
        await store.WriteAsync("a", Stream([1], seeks: true), BlobCondition.None, Token);
        await File.WriteAllTextAsync(Path.Combine(store.FullPath, ".hidden"), "x", Token);
        await File.WriteAllTextAsync(Path.Combine(store.FullPath, "not a blob"), "x", Token);
        Assert.Equal(["a"], await ListAsync(store, ""));
    }

    [Fact]
    public async Task Who_is_told_that_a_blob_is_there_may_count_on_it_through_a_loss_of_power()
    {
        var first = Folder();
        await first.WriteAsync("a/b", Stream([1], seeks: true), BlobCondition.IfAbsent, Token);

        // Another process: whether the first one lived to sync the folder is not known to it.
        var (synced, fails) = (new List<string>(), false);
        using var second = new FolderBlobStore(first.FullPath)
        {
            SyncFolder = folder =>
            {
                synced.Add(folder);
                if (fails)
                {
                    throw new IOException("The disk is gone.");
                }
            },
        };
        await Assert.ThrowsAsync<BlobConditionFailedException>(async () => await second.WriteAsync("a/b", Stream([2], seeks: true), BlobCondition.IfAbsent, Token));
        Assert.Contains(Path.Combine(first.FullPath, "a"), synced);
        Assert.Contains(first.FullPath, synced);
        fails = true;
        Assert.Contains("made durable", (await Assert.ThrowsAsync<IOException>(async () => await second.WriteAsync("a/b", Stream([2], seeks: true), BlobCondition.IfAbsent, Token))).Message, StringComparison.Ordinal);
    }

    private FolderBlobStore Folder(string name = "blobs", TimeProvider? time = null)
    {
        var store = new FolderBlobStore(_folder.Combine(name), time);
        _stores.Add(store);
        return store;
    }
}
