using System.Runtime.CompilerServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Batches without what was kept beside the records.</summary>
internal static class ArchiveBatches
{
    public static async IAsyncEnumerable<RecordBatch> RecordsOf(IAsyncEnumerable<ArchiveBatch> batches, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return batch.Records;
        }
    }
}
