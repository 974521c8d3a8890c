using Mev.Sdk.Storage.Blobs;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Blobs as files that DuckDB can open: the store's own where it is a folder, else copies in a bounded cache.</summary>
/// <remarks>Thread-safe. A blob's name is given once and its content never changes, so a copy is never out of date.</remarks>
internal sealed class ParquetFiles : IDisposable
{
    private const int ChunkBytes = 8 << 20;
    private const string Half = ".half";

    private readonly IBlobStore _blobs;
    private readonly string? _folder;
    private readonly string _cache;
    private readonly long _maxBytes;
    private readonly FileStream? _owned;
    private readonly Dictionary<string, CachedFile> _files = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _fetching = new(1, 1);
    private long _bytes;
    private long _uses;

    public ParquetFiles(IBlobStore blobs, string cacheDirectory, long maxBytes)
    {
        (_blobs, _folder, _cache, _maxBytes) = (blobs, (blobs as FolderBlobStore)?.FullPath, cacheDirectory, maxBytes);
        if (_folder is not null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(cacheDirectory))
        {
            throw new ArgumentException($"The blob store is no folder, so files are fetched from it: set Mev:Storage:Parquet:{nameof(ParquetTierOptions.CacheDirectory)} to a folder of this machine.");
        }

        Directory.CreateDirectory(_cache);
        _owned = Own(Path.Combine(_cache, "owner"));
        foreach (var file in new DirectoryInfo(_cache).EnumerateFiles("*" + ParquetTier.Extension + "*"))
        {
            // Copies of an earlier run are not gone through: fetching again is cheaper than believing a file that a crash may have left.
            file.Delete();
        }
    }

    /// <summary>Finds or fetches a file.</summary>
    /// <returns>The file, which stays at least until it is disposed.</returns>
    /// <exception cref="BlobNotFoundException">There is no such blob.</exception>
    /// <exception cref="IOException">It cannot be fetched, or there is no room for it.</exception>
    public async ValueTask<CachedFile> OpenAsync(string blob, CancellationToken cancellationToken)
    {
        if (_folder is not null)
        {
            return await _blobs.GetInfoAsync(blob, cancellationToken).ConfigureAwait(false) is { } info
                ? new CachedFile(Path.Combine([_folder, .. blob.Split('/')]), info.Length, owner: null)
                : throw new BlobNotFoundException(blob, $"There is no '{blob}' in '{_folder}'.");
        }

        if (Take(blob) is { } known)
        {
            return known;
        }

        // One at a time: the store's bandwidth is one, and room is made for one after another.
        await _fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Take(blob) ?? await FetchAsync(blob, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>Forgets a blob that is removed.</summary>
    public void Forget(string blob)
    {
        lock (_files)
        {
            if (_files.TryGetValue(blob, out var file) && file.Users == 0)
            {
                Drop(blob, file);
            }
        }
    }

    public void Dispose()
    {
        _owned?.Dispose();
        _fetching.Dispose();
    }

    internal void GiveBack(CachedFile file)
    {
        lock (_files)
        {
            file.Users--;
        }
    }

    private static FileStream Own(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"'{path}' cannot be opened ({e.Message}): if another process uses this folder as its cache, set another one in Mev:Storage:Parquet:{nameof(ParquetTierOptions.CacheDirectory)}.", e);
        }
    }

    private CachedFile? Take(string blob)
    {
        lock (_files)
        {
            if (!_files.TryGetValue(blob, out var file))
            {
                return null;
            }

            file.Users++;
            file.LastUse = ++_uses;
            return file;
        }
    }

    private async ValueTask<CachedFile> FetchAsync(string blob, CancellationToken cancellationToken)
    {
        var info = await _blobs.GetInfoAsync(blob, cancellationToken).ConfigureAwait(false) ?? throw new BlobNotFoundException(blob, $"There is no '{blob}' in the warm tier's blob store.");
        MakeRoom(blob, info.Length);
        var path = Path.Combine(_cache, blob.Replace('/', '+'));
        try
        {
            var buffer = new byte[Math.Min(info.Length, ChunkBytes)];
            await using (var copy = new FileStream(path + Half, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                for (var at = 0L; at < info.Length;)
                {
                    var chunk = buffer.AsMemory(0, (int)Math.Min(buffer.Length, info.Length - at));
                    await _blobs.ReadAsync(blob, at, chunk, cancellationToken).ConfigureAwait(false);
                    await copy.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
                    at += chunk.Length;
                }
            }

            File.Move(path + Half, path, overwrite: true);
        }
        catch
        {
            File.Delete(path + Half);
            lock (_files)
            {
                _bytes -= info.Length;
            }

            throw;
        }

        lock (_files)
        {
            return _files[blob] = new CachedFile(path, info.Length, this) { Users = 1, LastUse = ++_uses };
        }
    }

    private void MakeRoom(string blob, long length)
    {
        lock (_files)
        {
            foreach (var (name, file) in _files.Where(static pair => pair.Value.Users == 0).OrderBy(static pair => pair.Value.LastUse).ToList())
            {
                if (_bytes + length <= _maxBytes)
                {
                    break;
                }

                Drop(name, file);
            }

            if (_bytes + length > _maxBytes)
            {
                throw new IOException(
                    $"'{blob}' has {length} bytes and does not fit into the cache '{_cache}' beside the {_bytes} bytes that are in use, of {_maxBytes}: ask about a shorter span, or raise Mev:Storage:Parquet:{nameof(ParquetTierOptions.CacheMegabytes)}.");
            }

            _bytes += length;
        }
    }

    private void Drop(string blob, CachedFile file)
    {
        _files.Remove(blob);
        _bytes -= file.Length;
        File.Delete(file.Path);
    }
}
