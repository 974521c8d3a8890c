using System.Runtime.CompilerServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>A log that has one batch, and ends where it is told.</summary>
internal sealed class OddLog(RecordBatch batch, Lsn durable) : IRecordLog, IDisposable
{
    public Lsn NextLsn => durable.Add(1);

    public Lsn DurableLsn => durable;

    public IReadOnlyList<StreamPosition> DurablePositions => [];

    public IReadOnlyList<SequenceRange> DurableRanges => [];

    public async IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        if (batch.LastLsn >= from)
        {
            batch.Retain();
            yield return batch;
        }
    }

    public void Dispose() => batch.Release();
}
