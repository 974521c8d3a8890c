using System.Buffers;
using Mev.Sdk.Storage.Internal;

namespace Mev.Sdk.Storage.Blobs;

/// <summary>A blob's content under a temporary name: held by its writer until it is named or given up, so that what a crash left is told from what is being written.</summary>
internal sealed class StagedFile : IDisposable
{
    private const int BufferBytes = 1 << 18;

    private readonly FileStream _file;

    private StagedFile(FileStream file) => _file = file;

    public string Path => _file.Name;

    /// <summary>Makes an empty one.</summary>
    public static StagedFile Create(string folder) =>
        new(PrivateFiles.Open(System.IO.Path.Combine(folder, Guid.NewGuid().ToString("N")), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));

    /// <summary>Removes what crashed writers left: files that nobody holds and that have not been written to for a while.</summary>
    /// <param name="folder">Where they are; may be missing.</param>
    /// <param name="olderThan">Younger ones stay: between the making of a file and the locking of it lies a moment.</param>
    /// <returns>How many were removed.</returns>
    public static int RemoveAbandoned(string folder, DateTimeOffset olderThan)
    {
        var removed = 0;
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder))
            {
                removed += File.GetLastWriteTimeUtc(path) < olderThan.UtcDateTime && TryRemove(path) ? 1 : 0;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no such folder, or it may only be read: whoever writes there cleans it.
        }

        return removed;
    }

    /// <summary>Copies everything that is left of a stream.</summary>
    /// <param name="content">The stream; what it throws is passed on as it is.</param>
    /// <param name="explain">Makes something to read of what the disk says.</param>
    /// <param name="cancellationToken">Ends the copying.</param>
    /// <returns>Bytes copied.</returns>
    public async ValueTask<long> FillAsync(Stream content, Func<Exception, Exception> explain, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var total = 0L;
            while (true)
            {
                var count = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    return total;
                }

                try
                {
                    await _file.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                }
                catch (IOException e)
                {
                    throw explain(e);
                }

                total += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Makes content and time durable, and ends the holding: whoever opens the file under its name must not find it held. Its age protects it from then on.</summary>
    /// <returns>The time as the file system keeps it, which may be coarser.</returns>
    public DateTime Seal(DateTime lastWriteUtc)
    {
        using var file = _file.CanWrite ? _file : PrivateFiles.Open(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        File.SetLastWriteTimeUtc(file.SafeFileHandle, lastWriteUtc);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        return File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }

    /// <summary>Gives the file its name in place of whatever has it.</summary>
    public void Replace(string path) => File.Move(Path, path, overwrite: true);

    /// <summary>Gives the file its name if nobody has it.</summary>
    /// <returns>False when somebody has.</returns>
    public bool TryPublish(string path)
    {
        switch (HardLink.TryMake(Path, path))
        {
            case HardLink.Result.Made:
                return true;
            case HardLink.Result.Exists:
                return false;
            default:
                // Without links the lock alone, which the caller holds, keeps others away.
                if (File.Exists(path))
                {
                    return false;
                }

                File.Move(Path, path, overwrite: false);
                return true;
        }
    }

    /// <summary>Ends the holding and removes the temporary name, where it is still there.</summary>
    public void Dispose()
    {
        _file.Dispose();
        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next cleaning finds it.
        }
    }

    private static bool TryRemove(string path)
    {
        try
        {
            using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
