using System.Diagnostics;

namespace Mev.Sdk.Wire;

/// <summary>What is known of a tracked batch. It is reachable from its batch only, so its finalizer running means that the batch is gone.</summary>
internal sealed class BatchLease(StreamPosition first, int count)
{
    private const int MaxRetains = 8;

    // The constructors of batch and lease and their factory are of no interest to anyone.
    private readonly StackTrace _created = new(skipFrames: 2, fNeedFileInfo: true);
    private readonly Lock _gate = new();
    private readonly List<StackTrace> _retained = [];
    private StackTrace? _released;

#pragma warning disable MA0055 // The finalizer is the point: it runs when nobody can release the batch any more.
    ~BatchLease()
#pragma warning restore MA0055
    {
        if (_released is null)
        {
            BatchLeases.Report(new BatchLeak(first, count, _created.ToString(), [.. _retained.Select(stack => stack.ToString())]));
        }
    }

    public void OnRetained()
    {
        var stack = new StackTrace(skipFrames: 2, fNeedFileInfo: true);
        lock (_gate)
        {
            if (_retained.Count == MaxRetains)
            {
                _retained.RemoveAt(0);
            }

            _retained.Add(stack);
        }
    }

    public void OnReleased()
    {
        _released = new StackTrace(skipFrames: 2, fNeedFileInfo: true);
#pragma warning disable CA1816 // The batch's last release is what disposing is elsewhere.
        GC.SuppressFinalize(this);
#pragma warning restore CA1816
    }

    public string DescribeRelease() =>
        $"The batch of {count} records from {first} was released more often than it was retained. Made{Environment.NewLine}{_created}"
        + $"released for the last time{Environment.NewLine}{_released}";
}
