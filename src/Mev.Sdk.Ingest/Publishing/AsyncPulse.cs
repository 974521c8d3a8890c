namespace Mev.Sdk.Ingest.Publishing;

/// <summary>Wakes everyone who waits now. Guarded by its owner's gate, so that "look, then wait" misses nothing.</summary>
internal sealed class AsyncPulse
{
    private TaskCompletionSource? _waiting;

    /// <summary>Completes with the next pulse; take it under the gate under which the condition was looked at.</summary>
    public Task Next => (_waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Pulse()
    {
        var waiting = _waiting;
        _waiting = null;
        waiting?.SetResult();
    }
}
