using System.Diagnostics.Metrics;

namespace Mev.Sdk.Storage;

/// <summary>Instruments of the meter <c>Mev.Sdk.Storage</c>.</summary>
internal static class StorageMetrics
{
    public const string MeterName = "Mev.Sdk.Storage";
    internal static readonly Meter Meter = new(MeterName, typeof(StorageMetrics).Assembly.GetName().Version?.ToString());

    public static readonly Counter<long> JournalRecords = Meter.CreateCounter<long>("mev.storage.journal.records", "{record}", "Records that became durable.");
    public static readonly Counter<long> JournalRawBytes = Meter.CreateCounter<long>("mev.storage.journal.raw", "By", "Frame bytes that became durable.");
    public static readonly Counter<long> JournalStoredBytes = Meter.CreateCounter<long>("mev.storage.journal.stored", "By", "Bytes on disk that they took.");

    public static readonly Histogram<double> CommitDuration = Meter.CreateHistogram<double>(
        "mev.storage.journal.commit.duration",
        "s",
        "Time to compress, write and sync a group.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5] });

    public static readonly Histogram<long> CommitBytes = Meter.CreateHistogram<long>(
        "mev.storage.journal.commit.size",
        "By",
        "Bytes on disk of a group.",
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20] });

    public static readonly Histogram<double> FsyncDuration = Meter.CreateHistogram<double>(
        "mev.storage.journal.fsync.duration",
        "s",
        "Time the device took to make a segment durable.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5] });

    public static readonly UpDownCounter<int> JournalDiskFull = Meter.CreateUpDownCounter<int>("mev.storage.journal.disk_full", "{journal}", "Journals that wait for space on their disk.");

    public static readonly Counter<long> JournalRemovedBytes = Meter.CreateCounter<long>("mev.storage.journal.removed", "By", "Bytes on disk that retention deleted.");

    public static readonly Gauge<long> ProjectorLag = Meter.CreateGauge<long>("mev.storage.projector.lag", "{lsn}", "How far the projection is behind the durable log.");

    public static readonly Histogram<double> ProjectorBatchDuration = Meter.CreateHistogram<double>(
        "mev.storage.projector.batch.duration",
        "s",
        "Time to store a batch of records and its checkpoint.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    public static readonly Counter<long> ProjectorFailures = Meter.CreateCounter<long>("mev.storage.projector.failures", "{failure}", "Batches that could not be stored and were tried again.");

    public static readonly Counter<long> ProjectorMalformed = Meter.CreateCounter<long>("mev.storage.projector.malformed", "{record}", "Records without rows because their bodies could not be read.");
    public static readonly Counter<long> TierRows = Meter.CreateCounter<long>("mev.storage.tiers.rows", "{row}", "Rows that were moved, by the tier they came to.");
    public static readonly Counter<long> TierBytes = Meter.CreateCounter<long>("mev.storage.tiers.bytes", "By", "Bytes that they take there, where it says so.");
    public static readonly Counter<long> TierRowBytes = Meter.CreateCounter<long>("mev.storage.tiers.raw", "By", "Bytes of the same rows in RowBinary, by the tier they came to: over the bytes there it is the ratio.");
    public static readonly Counter<long> TierRowsOut = Meter.CreateCounter<long>("mev.storage.tiers.rows.out", "{row}", "Rows that were deleted where they had been moved from, by the tier they left.");
    public static readonly Counter<long> TierBytesOut = Meter.CreateCounter<long>("mev.storage.tiers.bytes.out", "By", "Bytes that parts took that were removed, by the tier they left.");
    public static readonly Gauge<long> TierStored = Meter.CreateGauge<long>("mev.storage.tiers.stored", "By", "Bytes of all parts that the catalogue names.");
    public static readonly Gauge<long> TierDue = Meter.CreateGauge<long>("mev.storage.tiers.due", "{partition}", "Partitions that are due, by whether they are ready or held up.");
    public static readonly Gauge<double> TierLag = Meter.CreateGauge<double>("mev.storage.tiers.lag", "s", "For how long the longest waiting partition has been due.");
    public static readonly Gauge<double> TierProgress = Meter.CreateGauge<double>("mev.storage.tiers.progress", "1", "How much of its rows the step of the move under way has passed, 0 to 1.");
    public static readonly Counter<long> TierFailures = Meter.CreateCounter<long>("mev.storage.tiers.failures", "{failure}", "Passes of the mover that failed and are tried again.");
}
