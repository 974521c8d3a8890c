using System.Diagnostics.Metrics;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Instruments of PostgreSQL, of the meter of this package.</summary>
internal static class PostgresMetrics
{
    public static readonly Counter<long> SentBytes = StorageMetrics.Meter.CreateCounter<long>("mev.storage.postgres.sent", "By", "Bytes of rows that were sent and committed.");

    public static readonly Counter<long> DroppedPartitions = StorageMetrics.Meter.CreateCounter<long>("mev.storage.postgres.dropped", "{partition}", "Partitions that retention dropped.");
}
