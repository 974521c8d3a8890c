namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>One blob that is long and holds nothing but its end; tells the longest read.</summary>
internal sealed class HollowBlobStore(long length, byte[] end) : IBlobStore
{
    public int LongestRead { get; private set; }

    public ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default) => new(new BlobInfo(name, length, "v1", DateTimeOffset.UnixEpoch));

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        LongestRead = Math.Max(LongestRead, destination.Length);
        var start = length - end.Length;
        for (var at = Math.Max(offset, start); at < offset + destination.Length; at++)
        {
            destination.Span[(int)(at - offset)] = end[at - start];
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
