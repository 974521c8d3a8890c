using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Mev.Sdk.Storage.Internal;
using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage.Blobs;

/// <summary>Blobs as files below one folder, a blob's name being its path there.</summary>
/// <remarks>
/// <para>
/// Thread-safe; any number of stores and processes may use the folder at once. It needs a file system of this machine (or one with its rename, link and lock) that tells upper from
/// lower case.
/// </para>
/// <para>
/// A blob is written to a file below <c>.staged</c>, synced, and gets its name by a link or a rename; then the folder is synced. Files and folders are made for this user alone.
/// Names that begin with a dot are the store's own: <c>.staged</c>, and <c>.lock</c>, which is held while a blob gets or loses its name. What a crashed writer left below
/// <c>.staged</c> is removed by the next store that opens the folder, or writes there for long.
/// </para>
/// <para>Links below the folder are refused, and left out of listings. The first write makes the folder; until then there is nothing in it.</para>
/// </remarks>
public sealed class FolderBlobStore : IBlobStore, IBlobSync, IDisposable
{
    private const string StagedFolder = ".staged";

    // A writer that was stopped for longer and goes on finds its file gone, and says so.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, bool> _durableFolders = new(StringComparer.Ordinal);
    private readonly PublishLock _lock;
    private readonly TimeProvider _timeProvider;
    private readonly string _staged;
    private long _cleanedAt;

    /// <summary>Uses a folder.</summary>
    /// <param name="directory">The folder; relative to the current directory unless rooted. It need not be there.</param>
    /// <param name="timeProvider">The clock of the times that blobs get; the system's when null.</param>
    public FolderBlobStore(string directory, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        FullPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        _timeProvider = timeProvider ?? TimeProvider.System;
        _staged = Path.Combine(FullPath, StagedFolder);
        _lock = new PublishLock(Path.Combine(FullPath, ".lock"), _timeProvider);
        Clean();
    }

    /// <summary>Makes the entries of a folder durable.</summary>
    internal Action<string> SyncFolder { get; init; } = DirectorySync.Flush;

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <inheritdoc/>
    public ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<BlobInfo?>(Describe(name, new FileInfo(BlobPath.Resolve(FullPath, name))));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalidPrefix(prefix);

        // A folder of a million entries takes a while, so that the caller's thread is given back first.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        foreach (var (name, file) in FolderWalk.Files(FullPath, prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Describe(name, file) is { } info)
            {
                yield return info;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (destination.IsEmpty)
        {
            return;
        }

        var path = BlobPath.Resolve(FullPath, name);
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            for (var filled = 0; filled < destination.Length;)
            {
                // A file may give less than was asked for; that is still one request to the store.
                var count = await RandomAccess.ReadAsync(file, destination[filled..], offset + filled, cancellationToken).ConfigureAwait(false);
                filled += count;
                if (count == 0)
                {
                    throw new EndOfStreamException(
                        $"Blob '{name}' in '{FullPath}' has {RandomAccess.GetLength(file)} bytes; {destination.Length} were asked for from {offset} on.");
                }
            }
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not EndOfStreamException)
        {
            throw File.Exists(path) ? Explain(name, "read", e) : new BlobNotFoundException(name, $"There is no blob '{name}' in '{FullPath}'.", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        ArgumentNullException.ThrowIfNull(content);
        cancellationToken.ThrowIfCancellationRequested();
        var path = BlobPath.Resolve(FullPath, name);
        try
        {
            return await WriteAsync(name, path, content, condition, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobConditionFailedException) when (condition.RequiresAbsence)
        {
            // Who is told that there is one counts on it, and whoever wrote it may have been killed before it was durable.
            ((IBlobSync)this).Sync(name);
            throw;
        }
    }

    /// <inheritdoc/>
    void IBlobSync.Sync(string name)
    {
        var folder = Path.GetDirectoryName(BlobPath.Resolve(FullPath, name))!;
        try
        {
            MakeDurableFolder(folder);
            SyncFolder(folder);
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            throw Explain(name, "made durable", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        if (condition.RequiresAbsence)
        {
            throw new ArgumentException("What is deleted is there: IfAbsent makes no sense here.", nameof(condition));
        }

        var path = BlobPath.Resolve(FullPath, name);
        if (!Directory.Exists(FullPath))
        {
            return false;
        }

        try
        {
            using (await _lock.AcquireAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!File.Exists(path))
                {
                    return false;
                }

                Demand(name, condition);
                File.Delete(path);
            }

            SyncFolder(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            throw Explain(name, "deleted", e);
        }
    }

    /// <summary>Lets go of what waits. Blobs need no closing.</summary>
    public void Dispose() => _lock.Dispose();

    private async ValueTask<BlobInfo> WriteAsync(string name, string path, Stream content, BlobCondition condition, CancellationToken cancellationToken)
    {
        using var staged = Stage(name, condition);

        // What the caller's stream throws is the caller's.
        var length = await staged.FillAsync(content, e => Explain(name, "written", e), cancellationToken).ConfigureAwait(false);
        try
        {
            var folder = Path.GetDirectoryName(path)!;
            MakeDurableFolder(folder);
            var time = staged.Seal(Stamp());
            using (await _lock.AcquireAsync(cancellationToken).ConfigureAwait(false))
            {
                time = Publish(name, path, staged, time, condition);
            }

            SyncFolder(folder);
            return Info(name, length, time);
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            throw Explain(name, "written", e);
        }
    }

    private StagedFile Stage(string name, BlobCondition condition)
    {
        try
        {
            // Looked at twice: now, to spare the writing where it is in vain, and in one step with the naming.
            Demand(name, condition);
            if (_timeProvider.GetElapsedTime(_cleanedAt) > AbandonedAfter)
            {
                Clean();
            }

            MakeDurableFolder(_staged);
            return StagedFile.Create(_staged);
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            throw Explain(name, "written", e);
        }
    }

    // Under the lock. Returns the time that the blob got.
    private DateTime Publish(string name, string path, StagedFile staged, DateTime time, BlobCondition condition)
    {
        Demand(name, condition);
        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' is a folder: other blobs' names begin with '{name}/'");
        }

        if (condition.RequiresAbsence)
        {
            return staged.TryPublish(path) ? time : throw Failed(name, "there is one already");
        }

        // Tags are made of times: what replaces a blob gets a later one, even where the clock went back or did not move, and however coarse the file system's times are.
        var old = new FileInfo(path);
        for (var step = TimeSpan.FromMicroseconds(1); old.Exists && time <= old.LastWriteTimeUtc; step *= 1000)
        {
            time = staged.Seal(old.LastWriteTimeUtc + step);
        }

        staged.Replace(path);
        return time;
    }

    private void Demand(string name, BlobCondition condition)
    {
        if (condition == BlobCondition.None)
        {
            return;
        }

        var found = Describe(name, new FileInfo(Path.Combine(FullPath, name)));
        if (condition.RequiresAbsence && found is not null)
        {
            throw Failed(name, "there is one already");
        }

        if (condition.RequiredETag is { } wanted && found?.ETag != wanted)
        {
            throw Failed(name, found is null ? "there is none any more" : $"it has changed (tag {found.Value.ETag}, not {wanted})");
        }
    }

    // Two blobs of one name and length that were made by two clocks at one instant, the first being deleted in between, would have one tag: chance makes that impossible enough.
    private DateTime Stamp()
    {
        var ticks = _timeProvider.GetUtcNow().UtcTicks;
        return new DateTime(ticks - (ticks % TimeSpan.TicksPerMillisecond) + RandomNumberGenerator.GetInt32((int)TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
    }

    private BlobInfo? Describe(string name, FileInfo file)
    {
        try
        {
            file.Refresh();
            if (file.Exists)
            {
                return Info(name, file.Length, file.LastWriteTimeUtc);
            }

            // That there is none is only known where one may look; this throws elsewhere.
            _ = file.Attributes;
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw Explain(name, "looked at", e);
        }
    }

    private static BlobInfo Info(string name, long length, DateTime time) =>
        new(name, length, string.Create(CultureInfo.InvariantCulture, $"{time.Ticks:x}-{length:x}"), new DateTimeOffset(time));

    private void MakeDurableFolder(string folder)
    {
        if (_durableFolders.ContainsKey(folder) && Directory.Exists(folder))
        {
            return;
        }

        // Folders above the store's own are its owner's, and may be hidden from this user: only where one is made here is its entry synced.
        var end = Directory.Exists(FullPath) ? FullPath.Length : FullPath.Length - 1;
        Folders.Create(folder, "blobs");

        // Who made a folder in the store, and whether they lived to sync it, is not known: all entries on the way are synced.
        for (var made = folder; made.Length > end && Path.GetDirectoryName(made) is { } parent; made = parent)
        {
            SyncFolder(parent);
        }

        _durableFolders[folder] = true;
    }

    private void Clean()
    {
        _cleanedAt = _timeProvider.GetTimestamp();
        StagedFile.RemoveAbandoned(_staged, _timeProvider.GetUtcNow() - AbandonedAfter);
    }

    private BlobConditionFailedException Failed(string name, string why) => new(name, $"Blob '{name}' in '{FullPath}': {why}. Nothing was changed.");

    private static bool IsOfDisk(Exception e) => e is UnauthorizedAccessException or DirectoryNotFoundException or FileNotFoundException || e.GetType() == typeof(IOException);

    // The code stays: whoever waits for space looks at it.
    private IOException Explain(string name, string what, Exception e) =>
        new($"Blob '{name}' cannot be {what} in '{FullPath}': {e.Message.TrimEnd('.')}. Give this user the right and the disk the space, or use another folder.", e) { HResult = e.HResult };
}
