using System.Runtime.CompilerServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Tests;

/// <summary>A log over frames, LSNs from 1:1 on, that counts how many batches it gave.</summary>
internal sealed class StreamLog(params byte[][] frames) : IRecordLog
{
    public int Given { get; private set; }

    public Lsn NextLsn => Lsn.Create(1, (ulong)frames.Length + 1);

    public Lsn DurableLsn => Lsn.Create(1, (ulong)frames.Length);

    public IReadOnlyList<StreamPosition> DurablePositions => [];

    public IReadOnlyList<SequenceRange> DurableRanges => [];

    public async IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Assert.False(follow);
        await foreach (var batch in ExporterTests.Stream(frames).BatchesAsync(static () => 1).WithCancellation(cancellationToken))
        {
            if (batch.LastLsn < from)
            {
                batch.Release();
                continue;
            }

            Given++;
            yield return batch;
        }
    }
}
