using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.ClickHouse.Tests;

/// <summary>Releases a batch at the end of its scope.</summary>
internal sealed class BatchLease(RecordBatch batch) : IDisposable
{
    public RecordBatch Batch => batch;

    public void Dispose() => batch.Release();
}
