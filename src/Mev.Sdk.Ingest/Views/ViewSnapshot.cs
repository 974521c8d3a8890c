namespace Mev.Sdk.Ingest.Views;

/// <summary>How a view keeps up, at one moment. What it was shown is what was delivered, what was dropped, and what it holds.</summary>
/// <param name="Name">The view's name.</param>
/// <param name="DeliveredBatches">Batches that its consumer took.</param>
/// <param name="DeliveredRecords">Records in them.</param>
/// <param name="DroppedBatches">Batches that its consumer did not get or failed on: no room, <see cref="FailedBatches"/>, or the end of the view.</param>
/// <param name="DroppedRecords">Records in them.</param>
/// <param name="FailedBatches">Batches among the dropped ones on which the consumer threw.</param>
/// <param name="HeldBatches">Batches it holds now, the one its consumer is busy with included.</param>
/// <param name="HeldRecords">Records in them.</param>
/// <param name="HeldBytes">Bytes of their frames.</param>
/// <param name="Busy">How long its consumer has been busy with one batch; zero while it is not.</param>
/// <param name="LastFailure">What the consumer threw last, in words; null when it never did.</param>
public sealed record ViewSnapshot(
    string Name,
    long DeliveredBatches,
    long DeliveredRecords,
    long DroppedBatches,
    long DroppedRecords,
    long FailedBatches,
    int HeldBatches,
    long HeldRecords,
    long HeldBytes,
    TimeSpan Busy,
    string? LastFailure);
