namespace Mev.Sdk.Storage.CrashHost;

/// <summary>A store that takes an object and never answers.</summary>
internal sealed class MuteBlobStore(IBlobStore inner) : IBlobStore
{
    public ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default) => inner.GetInfoAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) => inner.ReadAsync(name, offset, destination, cancellationToken);

    public async ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default)
    {
        var info = await inner.WriteAsync(name, content, condition, cancellationToken);
        if (name.StartsWith("objects/", StringComparison.Ordinal))
        {
            await Console.Out.WriteLineAsync($"0 {name}");
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return info;
    }

    public ValueTask<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, condition, cancellationToken);
}
