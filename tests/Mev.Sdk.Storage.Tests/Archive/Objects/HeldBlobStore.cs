namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>A store that holds back the writing of objects until it is told to go on, or breaks it off.</summary>
internal sealed class HeldBlobStore(IBlobStore inner) : IBlobStore
{
    private readonly TaskCompletionSource<string> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the name of the first object that is to be written.</summary>
    public Task<string> Asked => _asked.Task;

    public void GoOn() => _goOn.TrySetResult();

    public void BreakOff() => _goOn.TrySetException(new IOException("The power went."));

    public ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default) => inner.GetInfoAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) => inner.ReadAsync(name, offset, destination, cancellationToken);

    public async ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default)
    {
        if (name.StartsWith("objects/", StringComparison.Ordinal))
        {
            _asked.TrySetResult(name);
            await _goOn.Task.WaitAsync(cancellationToken);
        }

        return await inner.WriteAsync(name, content, condition, cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, condition, cancellationToken);
}
