using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Views;

/// <summary>Counts what a view delivered and dropped, for its snapshot and for the meter. Guarded by the view's gate.</summary>
internal sealed class ViewCounts(string name)
{
    public const string Full = "full";
    public const string Failed = "failed";
    public const string Stopped = "stopped";

    private readonly KeyValuePair<string, object?> _tag = new("view", name);

    public long DeliveredBatches { get; private set; }

    public long DeliveredRecords { get; private set; }

    public long DroppedBatches { get; private set; }

    public long DroppedRecords { get; private set; }

    public long FailedBatches { get; private set; }

    public void OnDelivered(RecordBatch batch)
    {
        DeliveredBatches++;
        DeliveredRecords += batch.Count;
        IngestMetrics.ViewDelivered.Add(batch.Count, _tag);
    }

    public void OnDropped(RecordBatch batch, string reason)
    {
        DroppedBatches++;
        DroppedRecords += batch.Count;
        FailedBatches += reason == Failed ? 1 : 0;
        var why = new KeyValuePair<string, object?>("reason", reason);
        IngestMetrics.ViewDropped.Add(batch.Count, _tag, why);
        IngestMetrics.ViewDroppedBatches.Add(1, _tag, why);
    }
}
