namespace Mev.Sdk.Storage.DuckDb.Tests.Parquet;

/// <summary>A store that takes and gives little at a time.</summary>
internal sealed class SlowBlobStore(IBlobStore store) : IBlobStore
{
    public ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default) => store.GetInfoAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) => store.ListAsync(prefix, cancellationToken);

    public async ValueTask ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        await store.ReadAsync(name, offset, destination, cancellationToken);
    }

    public async ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default)
    {
        using var all = new MemoryStream();
        var few = new byte[97];
        for (int read; (read = await content.ReadAsync(few, cancellationToken)) > 0;)
        {
            await Task.Yield();
            all.Write(few, 0, read);
        }

        all.Position = 0;
        return await store.WriteAsync(name, all, condition, cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken = default) => store.DeleteAsync(name, condition, cancellationToken);
}
