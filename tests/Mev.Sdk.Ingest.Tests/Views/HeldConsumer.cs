using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Views;

/// <summary>Keeps the batch that it is shown until it is let go, or for ever.</summary>
internal sealed class HeldConsumer : IRecordSink
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Entered => _entered.Task;

    /// <summary>Whether the first batch is given up when the view ends; otherwise it stays whatever happens.</summary>
    public bool ListensToItsToken { get; init; }

    /// <summary>LSNs of the batches it finished, in order.</summary>
    public List<ulong> Finished { get; } = [];

    public void LetGo() => _release.TrySetResult();

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        _entered.TrySetResult();
        await _release.Task.WaitAsync(ListensToItsToken ? cancellationToken : CancellationToken.None);
        lock (Finished)
        {
            Finished.Add(batch.FirstLsn.Value);
        }
    }
}
