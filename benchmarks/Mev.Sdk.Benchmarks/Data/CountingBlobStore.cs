namespace Mev.Sdk.Benchmarks.Data;

/// <summary>Counts what is asked of a store.</summary>
internal sealed class CountingBlobStore(IBlobStore store) : IBlobStore
{
    /// <summary>Requests so far.</summary>
    public int Requests { get; private set; }

    /// <summary>Bytes read so far.</summary>
    public long ReadBytes { get; private set; }

    public ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default)
    {
        Requests++;
        return store.GetInfoAsync(name, cancellationToken);
    }

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken = default)
    {
        Requests++;
        return store.ListAsync(prefix, cancellationToken);
    }

    public ValueTask ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        Requests++;
        ReadBytes += destination.Length;
        return store.ReadAsync(name, offset, destination, cancellationToken);
    }

    public ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default) =>
        store.WriteAsync(name, content, condition, cancellationToken);

    public ValueTask<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken = default) => store.DeleteAsync(name, condition, cancellationToken);
}
