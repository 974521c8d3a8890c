namespace Mev.Sdk.Storage.Tests.Blobs;

/// <summary>A stream whose writer stops in the middle until it is told to go on.</summary>
internal sealed class HeldStream : ReadOnlyStream
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reads;

    /// <summary>When the first bytes were taken and the next are asked for.</summary>
    public Task Reached => _reached.Task;

    public void GoOn() => _goOn.TrySetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        switch (_reads++)
        {
            case 0:
                return 100;
            case 1:
                _reached.TrySetResult();
                await _goOn.Task.WaitAsync(cancellationToken);
                return 100;
            default:
                return 0;
        }
    }
}
