namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>A store whose reads wait until as many are on their way as are wanted: so that a test sees whether somebody reads at a time.</summary>
internal sealed class GatedBlobStore(IBlobStore inner, int wanted) : IBlobStore
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _reading;

    /// <summary>Most reads at a time.</summary>
    public int Most { get; private set; }

    public ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default) => inner.GetInfoAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

    public async ValueTask ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            Most = Math.Max(Most, ++_reading);
            if (Most >= wanted)
            {
                _open.TrySetResult();
            }
        }

        // Who reads one after the other gets on as well, after a while.
        await Task.WhenAny(_open.Task, Task.Delay(TimeSpan.FromSeconds(20), cancellationToken));
        await inner.ReadAsync(name, offset, destination, cancellationToken);
        lock (_gate)
        {
            _reading--;
        }
    }

    public ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default) => inner.WriteAsync(name, content, condition, cancellationToken);

    public ValueTask<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, condition, cancellationToken);
}
