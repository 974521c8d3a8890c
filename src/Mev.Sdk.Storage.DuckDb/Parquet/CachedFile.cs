namespace Mev.Sdk.Storage.DuckDb;

/// <summary>A file that somebody reads; disposing it says that they are done.</summary>
internal sealed class CachedFile(string path, long length, ParquetFiles? owner) : IDisposable
{
    public string Path => path;

    public long Length => length;

    /// <summary>How many read it; guarded by its owner, as is <see cref="LastUse"/>.</summary>
    public int Users { get; set; }

    public long LastUse { get; set; }

    public void Dispose() => owner?.GiveBack(this);
}
