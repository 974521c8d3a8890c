using System.Diagnostics.Metrics;

namespace Mev.Sdk.Storage;

/// <summary>The archive's instruments of the meter <c>Mev.Sdk.Storage</c>.</summary>
internal static class ArchiveMetrics
{
    public static readonly Counter<long> Frames = StorageMetrics.Meter.CreateCounter<long>("mev.storage.archive.records", "{record}", "Records written into archive objects, verified.");
    public static readonly Counter<long> RawBytes = StorageMetrics.Meter.CreateCounter<long>("mev.storage.archive.raw", "By", "Frame bytes written into archive objects.");
    public static readonly Counter<long> StoredBytes = StorageMetrics.Meter.CreateCounter<long>("mev.storage.archive.stored", "By", "Bytes of archive objects that they took, indexes included.");
    public static readonly Counter<long> Objects = StorageMetrics.Meter.CreateCounter<long>("mev.storage.archive.objects", "{object}", "Archive objects that the sealer put into the store.");
    public static readonly Counter<long> SealFailures = StorageMetrics.Meter.CreateCounter<long>("mev.storage.archive.failures", "{failure}", "Times that the sealer failed and tried again later.");
    public static readonly Gauge<long> SealLag = StorageMetrics.Meter.CreateGauge<long>("mev.storage.archive.lag", "{record}", "Durable records that are not archived yet, as of the last object.");
    public static readonly Counter<long> RootsDecoded = StorageMetrics.Meter.CreateCounter<long>("mev.storage.archive.roots", "{root}", "Roots that were decoded because they were not at hand.");
    public static readonly Counter<long> Damages = StorageMetrics.Meter.CreateCounter<long>("mev.storage.archive.damages", "{damage}", "Times that damage of an archive object was met.");

    public static readonly Histogram<double> LookupDuration = StorageMetrics.Meter.CreateHistogram<double>(
        "mev.storage.archive.lookup.duration",
        "s",
        "Time to find the first sighting of a signature in an object, or to know that there is none.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5] });

    public static readonly Histogram<double> SealDuration = StorageMetrics.Meter.CreateHistogram<double>(
        "mev.storage.archive.put.duration",
        "s",
        "Time to put an object into the store and read it back.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300] });
}
