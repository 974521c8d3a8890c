namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>A store that takes what it is given and loses the answer, when it is told to.</summary>
internal sealed class LosingBlobStore(IBlobStore inner) : IBlobStore
{
    /// <summary>The write from now on whose answer is lost; 0 = none.</summary>
    public int LoseAnswer { get; set; }

    public ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default) => inner.GetInfoAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) => inner.ReadAsync(name, offset, destination, cancellationToken);

    public async ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default)
    {
        var info = await inner.WriteAsync(name, content, condition, cancellationToken);
        return LoseAnswer > 0 && --LoseAnswer == 0 ? throw new IOException("The answer was lost.") : info;
    }

    public ValueTask<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, condition, cancellationToken);
}
