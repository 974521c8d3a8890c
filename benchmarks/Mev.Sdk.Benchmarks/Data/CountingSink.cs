using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>A sink that counts records and touches none.</summary>
internal sealed class CountingSink : IRecordSink
{
    private long _records;
    private ulong _lastSequence;

    /// <summary>Records taken; any thread.</summary>
    public long Records => Volatile.Read(ref _records);

    /// <summary>Sequence of the last one.</summary>
    public ulong LastSequence => Volatile.Read(ref _lastSequence);

    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        Volatile.Write(ref _lastSequence, batch.First.Sequence + (ulong)batch.Count - 1);
        Volatile.Write(ref _records, _records + batch.Count);
        return ValueTask.CompletedTask;
    }
}
